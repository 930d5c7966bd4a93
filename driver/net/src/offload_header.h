// SPDX-License-Identifier: Apache-2.0
// What the kernel says of checksum and segmentation of a frame on a packet socket (PACKET_VNET_HDR): struct
// virtio_net_hdr of linux/virtio_net.h, which is no C++.
#pragma once

#include <cstdint>

namespace sapulse::net {

/// In host byte order, as the kernel has it for packet sockets.
struct OffloadHeader {
  static constexpr std::uint8_t kNeedsChecksum = 1;  ///< in flags: the field has the sum of the pseudo-header alone

  std::uint8_t flags = 0;
  std::uint8_t segmentation = 0;  ///< 0: the frame is a whole packet
  std::uint16_t headers_length = 0;
  std::uint16_t segment_size = 0;
  std::uint16_t checksum_start = 0;   ///< first byte that is summed up
  std::uint16_t checksum_offset = 0;  ///< of the field, from there
};
static_assert(sizeof(OffloadHeader) == 10);

}  // namespace sapulse::net
