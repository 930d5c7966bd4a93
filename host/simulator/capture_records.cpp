// SPDX-License-Identifier: Apache-2.0
#include "capture_records.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "capture_cursor.h"
#include "capture_parsers.h"

namespace sapulse::command {
namespace {

constexpr std::size_t kUnpackChunk = std::size_t{1} << 16;
constexpr std::uint32_t kPcapng = 0x0a0d0d0a;  // the same in both byte orders

struct CloseGzip {
  void operator()(gzFile file) const { gzclose(file); }
};

}  // namespace

Result<std::vector<std::byte>> read_unpacked(const std::filesystem::path& file) {
  const std::unique_ptr<gzFile_s, CloseGzip> packed(gzopen(file.c_str(), "rbe"));
  if (!packed) return failure(Errc::io_error, fmt::format("{}: {}", file.string(), std::strerror(errno)));
  std::vector<std::byte> contents;
  for (;;) {
    const std::size_t size = contents.size();
    contents.resize(size + kUnpackChunk);
    const int count = gzread(packed.get(), contents.data() + size, kUnpackChunk);
    contents.resize(size + static_cast<std::size_t>(std::max(count, 0)));
    if (count > 0) continue;
    int error = Z_OK;
    const char* message = gzerror(packed.get(), &error);
    if (count == 0 || error == Z_BUF_ERROR) return contents;
    if (error == Z_ERRNO) return failure(Errc::io_error, fmt::format("{}: {}", file.string(), std::strerror(errno)));
    return failure(Errc::parse_error, fmt::format("{}: damaged gzip file: {}", file.string(), message));
  }
}

CaptureRecord make_record(const RecordHeader& header, std::span<const std::byte> data, std::size_t fcs_bytes) {
  const std::size_t length = header.length - std::min<std::size_t>(fcs_bytes, header.length);
  const auto bytes = data.first(std::min(data.size(), length));
  return {.link_type = header.link_type,
          .position = header.position,
          .length = length,
          .bytes = {bytes.begin(), bytes.end()}};
}

tl::unexpected<Error> damaged_packet(std::size_t position, const std::string& what) {
  return failure(Errc::parse_error, fmt::format("packet {}: {}", position, what));
}

Result<CaptureRecords> parse_capture(std::span<const std::byte> contents) {
  CaptureCursor cursor(contents);
  if (!cursor.has(sizeof(std::uint32_t))) return failure(Errc::parse_error, "too short for a capture");
  return cursor.get32() == kPcapng ? parse_pcapng(contents) : parse_pcap(contents);
}

}  // namespace sapulse::command
