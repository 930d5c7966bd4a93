// SPDX-License-Identifier: Apache-2.0
// Packets of other link layers as Ethernet frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sapulse/address.h"

namespace sapulse::command {

/// What is before the IP packet in a record of a capture.
enum class LinkLayer : std::uint8_t {
  ethernet,
  ip,     ///< nothing
  cooked  ///< the header of Linux "any" captures, version 1 or 2
};

/// Nothing for link types that are none of these.
std::optional<LinkLayer> link_layer(std::uint32_t link_type);
/// For messages: "105 (IEEE802_11)".
std::string link_type_name(std::uint32_t link_type);

/// What becomes of the start of a packet so that it is an Ethernet frame.
struct EthernetStart {
  std::size_t removed = 0;       ///< bytes of the record
  std::vector<std::byte> given;  ///< in their place
};

/// `destination`: Ethernet address for packets that come without. Nothing for what no Ethernet frame can be made of:
/// too short, or not of an Ethernet type.
std::optional<EthernetStart> ethernet_start(std::uint32_t link_type, std::span<const std::byte> packet,
                                            const MacAddress& destination);

}  // namespace sapulse::command
