// SPDX-License-Identifier: Apache-2.0
#include "link_layer.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <algorithm>

#include "sapulse_wire.h"

namespace sapulse::command {
namespace {

// LINKTYPE_ values. 12 and 14 are DLT_RAW of systems that write it into files as it is.
constexpr std::uint32_t kEthernet = 1;
constexpr std::uint32_t kRawBsd = 12;
constexpr std::uint32_t kRawOpenBsd = 14;
constexpr std::uint32_t kRaw = 101;
constexpr std::uint32_t kCooked = 113;
constexpr std::uint32_t kIpv4 = 228;
constexpr std::uint32_t kIpv6 = 229;
constexpr std::uint32_t kCooked2 = 276;

/// Below are lengths and formats of IEEE 802.3 and Linux's own.
constexpr unsigned kFirstEthernetType = 0x0600;

/// Where a cooked header has what.
struct CookedLayout {
  std::size_t bytes;
  std::size_t protocol;
  std::size_t address_length;  ///< its low byte
  std::size_t address;
};
constexpr CookedLayout kFirstVersion{.bytes = 16, .protocol = 14, .address_length = 5, .address = 6};
constexpr CookedLayout kSecondVersion{.bytes = 20, .protocol = 0, .address_length = 11, .address = 12};

const MacAddress kUnknownSource({0x02, 0x5a, 0, 0, 0, 0x02});

std::vector<std::byte> ethernet_header(const MacAddress& destination, const MacAddress& source, unsigned type) {
  std::vector<std::byte> header;
  for (const MacAddress& mac : {destination, source})
    std::ranges::copy(std::as_bytes(std::span(mac.bytes())), std::back_inserter(header));
  header.push_back(static_cast<std::byte>(type >> 8));
  header.push_back(static_cast<std::byte>(type & 0xff));
  return header;
}

std::optional<EthernetStart> of_ip(std::span<const std::byte> packet, const MacAddress& destination) {
  const unsigned version = packet.empty() ? 0 : std::to_integer<unsigned>(packet[0]) >> 4;
  if (version != 4 && version != 6) return std::nullopt;
  const unsigned type = version == 4 ? wire::ethertype_ipv4 : wire::ethertype_ipv6;
  return EthernetStart{.removed = 0, .given = ethernet_header(destination, kUnknownSource, type)};
}

std::optional<EthernetStart> of_cooked(const CookedLayout& layout, std::span<const std::byte> packet,
                                       const MacAddress& destination) {
  if (packet.size() < layout.bytes) return std::nullopt;
  const auto byte = [&](std::size_t at) { return std::to_integer<std::uint8_t>(packet[at]); };
  const unsigned type = byte(layout.protocol) << 8 | byte(layout.protocol + 1);
  if (type < kFirstEthernetType) return std::nullopt;
  std::array<std::uint8_t, 6> source{};
  for (std::size_t i = 0; i < source.size(); ++i) source[i] = byte(layout.address + i);
  const bool is_ethernet = byte(layout.address_length) == source.size();
  return EthernetStart{.removed = layout.bytes,
                       .given = ethernet_header(destination, is_ethernet ? MacAddress(source) : kUnknownSource, type)};
}

}  // namespace

std::optional<LinkLayer> link_layer(std::uint32_t link_type) {
  switch (link_type) {
    case kEthernet:
      return LinkLayer::ethernet;
    case kRawBsd:
    case kRawOpenBsd:
    case kRaw:
    case kIpv4:
    case kIpv6:
      return LinkLayer::ip;
    case kCooked:
    case kCooked2:
      return LinkLayer::cooked;
    default:
      return std::nullopt;
  }
}

std::string link_type_name(std::uint32_t link_type) {
  const char* name = pcap_datalink_val_to_name(static_cast<int>(link_type));
  return fmt::format("{} ({})", link_type, name != nullptr ? name : "unknown");
}

std::optional<EthernetStart> ethernet_start(std::uint32_t link_type, std::span<const std::byte> packet,
                                            const MacAddress& destination) {
  switch (link_layer(link_type).value_or(LinkLayer::ethernet)) {
    case LinkLayer::ip:
      return of_ip(packet, destination);
    case LinkLayer::cooked:
      return of_cooked(link_type == kCooked ? kFirstVersion : kSecondVersion, packet, destination);
    default:
      return EthernetStart{};
  }
}

}  // namespace sapulse::command
