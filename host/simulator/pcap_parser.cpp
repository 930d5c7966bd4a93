// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "capture_cursor.h"
#include "capture_parsers.h"

namespace sapulse::command {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kModified = 0xa1b2cd34;  // records with interface and protocol, written by a patched libpcap
constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecordHeader = 16;
constexpr std::size_t kModifiedExtra = 8;

/// The last field of the file header: length of the frame check sequence in words of 16 bits (4 bits), a reserved bit,
/// P (1: the length is valid), 10 reserved bits, link type.
struct LinkField {
  std::uint32_t value;
  [[nodiscard]] std::uint32_t type() const { return value & 0xffff; }
  [[nodiscard]] std::size_t fcs_bytes() const { return (value & 0x0400'0000) != 0 ? 2 * (value >> 28) : 0; }
};

bool is_magic(std::uint32_t word) { return word == kMicroseconds || word == kNanoseconds || word == kModified; }

}  // namespace

Result<CaptureRecords> parse_pcap(std::span<const std::byte> contents) {
  CaptureCursor cursor(contents);
  const std::uint32_t magic = cursor.get32();
  const bool swapped = is_magic(__builtin_bswap32(magic));
  if (!swapped && !is_magic(magic)) return failure(Errc::parse_error, "neither pcap nor pcapng");
  cursor.set_swapped(swapped);
  if (contents.size() < kFileHeader) return failure(Errc::parse_error, "ends within the file header");
  const std::uint16_t major = cursor.get16();
  const std::uint16_t minor = cursor.get16();
  // Older ones have the two lengths of a record in the other order.
  if (major != 2 || minor < 4) {
    return failure(Errc::parse_error, fmt::format("pcap version {}.{}: must be 2.4", major, minor));
  }
  (void)cursor.get(12);  // time zone, accuracy, snapshot length
  const LinkField link{cursor.get32()};
  const std::size_t extra = (swapped ? __builtin_bswap32(magic) : magic) == kModified ? kModifiedExtra : 0;

  CaptureRecords result;
  while (cursor.left() > 0) {
    const std::size_t position = result.records.size() + 1;
    result.cut = position;
    if (!cursor.has(kRecordHeader + extra)) return result;
    (void)cursor.get(8);  // time
    const std::uint32_t captured = cursor.get32();
    const std::uint32_t length = cursor.get32();
    (void)cursor.get(extra);
    if (captured > kLongestPacket) return damaged_packet(position, fmt::format("{} bytes captured", captured));
    if (!cursor.has(captured)) return result;
    result.cut = 0;
    const RecordHeader header{.link_type = link.type(), .position = position, .length = std::max(captured, length)};
    result.records.push_back(make_record(header, cursor.get(captured), link.fcs_bytes()));
  }
  return result;
}

}  // namespace sapulse::command
