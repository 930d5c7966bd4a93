// SPDX-License-Identifier: Apache-2.0
// Records of capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "sapulse/error.h"

namespace sapulse::command {

/// One packet, without the frame check sequence that some captures keep.
struct CaptureRecord {
  std::uint32_t link_type = 0;   ///< LINKTYPE_ value
  std::size_t position = 0;      ///< in the file, from 1
  std::size_t length = 0;        ///< of the packet, bytes
  std::vector<std::byte> bytes;  ///< as many of them as were captured
};

struct CaptureRecords {
  std::vector<CaptureRecord> records;  ///< in file order
  std::size_t cut = 0;                 ///< position of the record in whose middle the file ends; 0: it ends after one
};

/// The contents of a file, unpacked if it is compressed by gzip; one that is cut short gives what there is. Errors:
/// io_error, parse_error (damaged).
Result<std::vector<std::byte>> read_unpacked(const std::filesystem::path& file);

/// Takes a capture apart. Errors: parse_error, which names the packet but not the file.
Result<CaptureRecords> parse_capture(std::span<const std::byte> contents);

}  // namespace sapulse::command
