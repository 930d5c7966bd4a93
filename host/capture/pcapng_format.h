// SPDX-License-Identifier: Apache-2.0
// Numbers of the pcapng file format (draft-ietf-opsawg-pcapng), for its writer and its reader.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sapulse::capture {

/// First in each block.
enum BlockType : std::uint32_t {
  block_section_header = 0x0a0d0d0a,
  block_interface = 1,
  block_obsolete_packet = 2,
  block_simple_packet = 3,
  block_enhanced_packet = 6
};

/// First in a section, in its byte order.
inline constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
/// Of a block: type and length, and the length again at the end; bytes.
inline constexpr std::size_t kBlockFrame = 12;

/// Numbers are the block's own, but for the first two.
enum OptionCode : std::uint16_t {
  option_end = 0,
  option_comment = 1,
  section_application = 4,
  interface_name = 2,
  interface_description = 3,
  interface_time_resolution = 9,
  interface_fcs_length = 13,  ///< one byte
  packet_flags = 2,           ///< 32 bits; 0..1: direction, 5..8: bytes of the check sequence
  packet_drop_count = 4
};

/// Bytes with those that fill up the last 32-bit word.
constexpr std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

}  // namespace sapulse::capture
