// SPDX-License-Identifier: Apache-2.0
// Makes of what a packet socket gives the frame that was on the wire.
#pragma once

#include <linux/if_packet.h>

#include "offload_header.h"
#include "packet_socket.h"

namespace sapulse::net {

/// `bytes`: from the Ethernet header on, without the tag that `data` tells of. `header`: what the kernel says of
/// checksums and segmentation. A frame that is to be cut into packets keeps its header; of any other the checksum is
/// made.
[[nodiscard]] Received finish(std::span<const std::byte> bytes, OffloadHeader header, const tpacket_auxdata& data);

}  // namespace sapulse::net
