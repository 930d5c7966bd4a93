// SPDX-License-Identifier: Apache-2.0
// Capture files through libpcap.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "bytes.h"

namespace sapulse::traffic {

struct Captured {
  std::uint64_t time_ns = 0;
  Bytes bytes;
};

/// Reads a pcap or pcapng file of Ethernet frames. Leaves out what no card can be sent: frames that are cut off,
/// shorter than an Ethernet header or longer than 9216 bytes. Throws std::runtime_error naming the file.
std::vector<Captured> read_capture(const std::filesystem::path& file);
/// Only the frames.
std::vector<Bytes> read_frames(const std::filesystem::path& file);

/// Writes a pcap file with nanosecond timestamps.
void write_capture(const std::filesystem::path& file, const std::vector<Captured>& frames);
/// The same with one microsecond from frame to frame.
void write_frames(const std::filesystem::path& file, const std::vector<Bytes>& frames);

}  // namespace sapulse::traffic
