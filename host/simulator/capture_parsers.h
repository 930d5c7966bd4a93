// SPDX-License-Identifier: Apache-2.0
// The two formats of capture files, for parse_capture().
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "capture_records.h"

namespace sapulse::command {

/// Longest packet that libpcap takes, bytes: more is damage.
inline constexpr std::uint32_t kLongestPacket = 262'144;

/// What a file says about a packet.
struct RecordHeader {
  std::uint32_t link_type = 0;
  std::size_t position = 0;  ///< from 1
  std::size_t length = 0;    ///< of the packet, its frame check sequence included
};

/// `data`: as captured; it ends with the frame check sequence of `fcs_bytes`, if so many were captured.
CaptureRecord make_record(const RecordHeader& header, std::span<const std::byte> data, std::size_t fcs_bytes);

/// parse_error: "packet 7: ...".
tl::unexpected<Error> damaged_packet(std::size_t position, const std::string& what);

/// Errors: parse_error.
Result<CaptureRecords> parse_pcap(std::span<const std::byte> contents);
Result<CaptureRecords> parse_pcapng(std::span<const std::byte> contents);

}  // namespace sapulse::command
