// SPDX-License-Identifier: Apache-2.0
#include "icmp.h"

#include <algorithm>

#include "bytes.h"
#include "sapulse_wire.h"

namespace sapulse {
namespace {

constexpr std::uint8_t kProtocolIcmp = 1;
constexpr std::uint8_t kSecurityFailure = 40;  ///< ICMP type
constexpr std::size_t kIcmpBytes = 8;          ///< type, code, checksum, reserved, pointer
constexpr std::size_t kIcmpChecksum = 2;
constexpr std::size_t kAfterSpi = 8;  ///< bytes of the offending packet that follow the SPI

/// An IPv4 packet with a good header.
struct Ipv4 {
  std::size_t header = 0;  ///< bytes
  std::size_t total = 0;   ///< bytes, within the packet
  std::uint8_t protocol = 0;
  IpAddress src;
  IpAddress dst;
};

/// `whole`: the packet must be complete and unfragmented, with a right checksum; otherwise only the header must be
/// there.
std::optional<Ipv4> read_ipv4(std::span<const std::uint8_t> packet, bool whole) {
  ByteReader reader(packet);
  const std::uint8_t version_length = reader.get8();
  reader.skip(1);
  Ipv4 ip;
  ip.header = (version_length & 0xf) * std::size_t{4};
  ip.total = reader.get16();
  reader.skip(2);
  const std::uint16_t fragment = reader.get16();
  reader.skip(1);
  ip.protocol = reader.get8();
  reader.skip(2);
  ip.src = IpAddress::v4(reader.get32());
  ip.dst = IpAddress::v4(reader.get32());
  if (!reader.good() || version_length >> 4 != 4 || ip.header < wire::ipv4_bytes || packet.size() < ip.header) {
    return std::nullopt;
  }
  if (!whole) return ip;
  const bool fits = ip.total >= ip.header && ip.total <= packet.size();
  const bool right = internet_checksum(packet.first(ip.header)) == 0;
  if (!fits || !right || (fragment & wire::ipv4_fragment_mask) != 0) return std::nullopt;
  return ip;
}

/// Offset of the SPI behind the IP header; nothing if the protocol has none.
std::optional<std::size_t> spi_offset(std::uint8_t protocol) {
  switch (protocol) {
    case wire::protocol_esp:
      return 0;
    case wire::protocol_ah:
      return wire::ah_spi;
    case wire::protocol_udp:
      return wire::udp_bytes;
    default:
      return std::nullopt;
  }
}

/// Where the offending IP packet begins in the snapshot, and how many of its bytes the failure quotes.
struct Quote {
  std::size_t begin = 0;
  std::size_t pointer = 0;  ///< from begin to the SPI
  std::size_t size = 0;
};

Quote quote(const Exception& exception, const OffendingPacket& packet) {
  Quote quote;
  quote.begin = wire::ethernet_bytes + packet.vlan_tags.size();
  const std::size_t spi =
      exception.esp_offset + (packet.encapsulation == Encapsulation::ah ? std::size_t{wire::ah_spi} : 0);
  quote.pointer = spi - quote.begin;
  quote.size = std::min(quote.pointer + wire::spi_bytes + kAfterSpi, exception.snapshot.size() - quote.begin);
  return quote;
}

}  // namespace

std::size_t icmp_failure_ip_length(const Exception& exception, const OffendingPacket& packet) {
  return wire::ipv4_bytes + kIcmpBytes + quote(exception, packet).size;
}

std::vector<std::uint8_t> build_icmp_failure(const Exception& exception, const OffendingPacket& packet,
                                             IcmpFailureCode code) {
  const Quote part = quote(exception, packet);
  ByteWriter icmp;
  icmp.put8(kSecurityFailure);
  icmp.put8(static_cast<std::uint8_t>(code));
  icmp.put16(0);  // checksum, below
  icmp.put16(0);  // reserved
  icmp.put16(static_cast<std::uint16_t>(part.pointer));
  icmp.put(std::span(exception.snapshot).subspan(part.begin, part.size));
  icmp.patch16(kIcmpChecksum, internet_checksum(icmp.bytes()));

  ByteWriter frame;
  write_answer_headers(frame, packet, kProtocolIcmp, icmp.size());
  frame.put(icmp.bytes());
  frame.pad_to(wire::frame_min_bytes);
  return frame.take();
}

std::optional<IcmpFailure> parse_icmp_failure(std::span<const std::uint8_t> packet) {
  const auto outer = read_ipv4(packet, true);
  if (!outer || outer->protocol != kProtocolIcmp) return std::nullopt;
  const auto icmp = packet.subspan(outer->header, outer->total - outer->header);
  ByteReader reader(icmp);
  const std::uint8_t type = reader.get8();
  const std::uint8_t code = reader.get8();
  reader.skip(4);
  const std::size_t pointer = reader.get16();
  if (!reader.good() || type != kSecurityFailure || internet_checksum(icmp) != 0) return std::nullopt;
  if (code > static_cast<std::uint8_t>(IcmpFailureCode::need_authorization)) return std::nullopt;

  const auto original = icmp.subspan(kIcmpBytes);
  const auto inner = read_ipv4(original, false);
  if (!inner) return std::nullopt;
  const auto spi = spi_offset(inner->protocol);
  if (!spi || pointer != inner->header + *spi) return std::nullopt;
  ByteReader at_spi(original, pointer);
  const IcmpFailure failure{.code = static_cast<IcmpFailureCode>(code),
                            .from = outer->src,
                            .original_src = inner->src,
                            .original_dst = inner->dst,
                            .spi = at_spi.get32()};
  if (!at_spi.good()) return std::nullopt;
  return failure;
}

std::span<const std::uint8_t> ipv4_packet(std::span<const std::uint8_t> frame) {
  ByteReader reader(frame, wire::ethertype_offset);
  std::size_t offset = wire::ethernet_bytes;
  std::uint16_t type = reader.get16();
  for (int tags = 0; tags < wire::vlan_tags_max && (type == wire::tpid_customer || type == wire::tpid_service);
       ++tags) {
    reader.skip(2);
    type = reader.get16();
    offset += wire::vlan_bytes;
  }
  if (!reader.good() || type != wire::ethertype_ipv4) return {};
  return frame.subspan(offset);
}

}  // namespace sapulse
