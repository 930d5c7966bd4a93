// SPDX-License-Identifier: Apache-2.0
// Blocks of a pcapng file (draft-ietf-opsawg-pcapng), in the byte order of this machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sapulse/frame_tap.h"

namespace sapulse::capture {

/// An Ethernet interface.
struct PcapngInterface {
  std::string name;
  std::string description{};  ///< empty: none
};

/// A frame, entire.
struct PcapngFrame {
  std::uint32_t interface;           ///< number in the section, from 0
  Direction direction;               ///< of the interface
  std::uint64_t time_ns;             ///< since 1970
  std::uint64_t lost_before;         ///< frames of this interface that are missing since the one before
  std::span<const std::byte> bytes;  ///< without FCS
};

/// Appends the head of a file: who has written it, and the interfaces.
void append_section(std::vector<std::byte>& out, const std::string& comment,
                    std::span<const PcapngInterface> interfaces);
/// Appends an enhanced packet block.
void append_frame(std::vector<std::byte>& out, const PcapngFrame& frame);
/// Bytes that append_frame() appends at most.
[[nodiscard]] std::size_t block_bytes(const PcapngFrame& frame);
/// Of bytes that begin with a block, those of whole blocks.
[[nodiscard]] std::size_t whole_blocks(std::span<const std::byte> bytes);

}  // namespace sapulse::capture
