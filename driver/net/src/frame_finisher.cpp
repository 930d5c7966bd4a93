// SPDX-License-Identifier: Apache-2.0
#include "frame_finisher.h"

#include <net/ethernet.h>

#include <array>
#include <cstring>

#include "sapulse_wire.h"

namespace sapulse::net {
namespace {

constexpr std::size_t kTagAt = 12;  // of a VLAN tag in a frame

std::array<std::byte, wire::vlan_bytes> tag_of(const tpacket_auxdata& data) {
  const unsigned type = (data.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0 ? data.tp_vlan_tpid : ETHERTYPE_VLAN;
  return {std::byte(type >> 8), std::byte(type & 0xff), std::byte(data.tp_vlan_tci >> 8),
          std::byte(data.tp_vlan_tci & 0xff)};
}

/// The Internet checksum from `start` on, whose field has the sum of the pseudo-header.
void make_checksum(model::Frame& frame, std::size_t start, std::size_t field) {
  if (field + 2 > frame.size()) return;
  std::uint64_t sum = 0;
  for (std::size_t i = start; i < frame.size(); ++i) {
    const auto byte = std::to_integer<std::uint64_t>(frame[i]);
    sum += (i - start) % 2 == 0 ? byte << 8 : byte;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  const std::uint64_t checksum = sum == 0xffff ? 0xffff : 0xffff - sum;  // 0 would say of UDP that there is none
  frame[field] = std::byte(checksum >> 8);
  frame[field + 1] = std::byte(checksum & 0xff);
}

}  // namespace

Received finish(std::span<const std::byte> bytes, OffloadHeader header, const tpacket_auxdata& data) {
  Received received;
  const bool tagged = (data.tp_status & TP_STATUS_VLAN_VALID) != 0 && bytes.size() >= kTagAt;
  received.frame.reserve(bytes.size() + wire::vlan_bytes);
  received.frame.assign(bytes.begin(), bytes.end());
  if (tagged) {
    const auto tag = tag_of(data);
    received.frame.insert(received.frame.begin() + kTagAt, tag.begin(), tag.end());
    header.checksum_start += wire::vlan_bytes;
    header.headers_length += wire::vlan_bytes;
  }
  if (header.segmentation != 0) {
    received.unfinished.resize(sizeof header);
    std::memcpy(received.unfinished.data(), &header, sizeof header);
  } else if ((header.flags & OffloadHeader::kNeedsChecksum) != 0) {
    make_checksum(received.frame, header.checksum_start, std::size_t{header.checksum_start} + header.checksum_offset);
  }
  return received;
}

}  // namespace sapulse::net
