// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "capture_cursor.h"
#include "capture_parsers.h"
#include "pcapng_format.h"

namespace sapulse::command {
namespace {

using namespace capture;

constexpr std::size_t kLongestBlock = std::size_t{1} << 24;

struct Interface {
  std::uint32_t link_type = 0;
  std::uint32_t snapshot = 0;  ///< bytes; 0: no limit
  std::size_t fcs_bytes = 0;
};

/// The value of an option; nothing if it is not there. What is damaged ends the list.
std::optional<CaptureCursor> find_option(CaptureCursor options, std::uint16_t wanted) {
  while (options.has(4)) {
    const std::uint16_t code = options.get16();
    const std::uint16_t length = options.get16();
    if (code == 0 || !options.has(padded(length))) return std::nullopt;
    CaptureCursor value = options.part(padded(length));
    if (code == wanted) return value.part(length);
  }
  return std::nullopt;
}

class PcapngParser {
 public:
  explicit PcapngParser(std::span<const std::byte> contents) : cursor_(contents) {}
  Result<CaptureRecords> parse();

 private:
  Result<void> begin_section(CaptureCursor head);
  Result<void> take_block(std::uint32_t type, CaptureCursor body);
  Result<void> take_interface(CaptureCursor body);
  Result<void> take_packet(CaptureCursor body, bool obsolete);
  Result<void> take_simple_packet(CaptureCursor body);
  Result<void> add(std::uint32_t interface, CaptureCursor& body, std::uint32_t captured, std::uint32_t length);
  [[nodiscard]] std::size_t position() const { return result_.records.size() + 1; }

  CaptureCursor cursor_;
  std::vector<Interface> interfaces_;  ///< of the section
  CaptureRecords result_;
};

Result<CaptureRecords> PcapngParser::parse() {
  while (cursor_.left() > 0) {
    result_.cut = position();
    if (!cursor_.has(kBlockFrame)) return std::move(result_);
    CaptureCursor head = cursor_;
    const std::uint32_t type = head.get32();
    if (type == block_section_header) {
      if (auto begun = begin_section(head); !begun) return tl::unexpected(begun.error());
    }
    (void)cursor_.get32();
    const std::uint32_t length = cursor_.get32();
    if (length < kBlockFrame || length % 4 != 0 || length > kLongestBlock) {
      return damaged_packet(position(), fmt::format("a block of {} bytes before it", length));
    }
    if (!cursor_.has(length - 8)) return std::move(result_);
    const CaptureCursor body = cursor_.part(length - kBlockFrame);
    if (cursor_.get32() != length) return damaged_packet(position(), "the lengths of a block before it differ");
    result_.cut = 0;
    if (auto taken = take_block(type, body); !taken) return tl::unexpected(taken.error());
  }
  return std::move(result_);
}

Result<void> PcapngParser::begin_section(CaptureCursor head) {
  (void)head.get32();  // the length of the block, whose byte order is not known yet
  head.set_swapped(false);
  const std::uint32_t magic = head.get32();
  if (magic != kByteOrderMagic && __builtin_bswap32(magic) != kByteOrderMagic) {
    return damaged_packet(position(), "a section whose byte order is unknown before it");
  }
  cursor_.set_swapped(magic != kByteOrderMagic);
  interfaces_.clear();
  return {};
}

Result<void> PcapngParser::take_block(std::uint32_t type, CaptureCursor body) {
  switch (type) {
    case block_interface:
      return take_interface(body);
    case block_enhanced_packet:
    case block_obsolete_packet:
      return take_packet(body, type == block_obsolete_packet);
    case block_simple_packet:
      return take_simple_packet(body);
    default:
      return {};  // statistics, names, comments
  }
}

Result<void> PcapngParser::take_interface(CaptureCursor body) {
  if (!body.has(8)) return damaged_packet(position(), "a short description of an interface before it");
  Interface interface;
  interface.link_type = body.get16();
  (void)body.get16();
  interface.snapshot = body.get32();
  if (auto value = find_option(body, interface_fcs_length); value && value->has(1)) {
    interface.fcs_bytes = std::to_integer<std::size_t>(value->get(1)[0]);
  }
  interfaces_.push_back(interface);
  return {};
}

Result<void> PcapngParser::take_packet(CaptureCursor body, bool obsolete) {
  if (!body.has(20)) return damaged_packet(position(), "a short block");
  const std::uint32_t interface = obsolete ? body.get16() : body.get32();
  if (obsolete) (void)body.get16();  // packets that were dropped
  (void)body.get(8);                 // time
  const std::uint32_t captured = body.get32();
  const std::uint32_t length = body.get32();
  return add(interface, body, captured, length);
}

Result<void> PcapngParser::take_simple_packet(CaptureCursor body) {
  if (!body.has(4)) return damaged_packet(position(), "a short block");
  const std::uint32_t length = body.get32();
  const std::uint32_t snapshot = interfaces_.empty() ? 0 : interfaces_.front().snapshot;
  return add(0, body, snapshot == 0 ? length : std::min(length, snapshot), length);
}

Result<void> PcapngParser::add(std::uint32_t interface, CaptureCursor& body, std::uint32_t captured,
                               std::uint32_t length) {
  if (interface >= interfaces_.size())
    return damaged_packet(position(), fmt::format("interface {} is unknown", interface));
  if (captured > kLongestPacket || !body.has(padded(captured))) {
    return damaged_packet(position(), fmt::format("{} bytes captured, in a block that is shorter", captured));
  }
  const Interface& from = interfaces_[interface];
  const auto data = body.get(padded(captured)).first(captured);
  std::size_t fcs_bytes = from.fcs_bytes;
  if (auto flags = find_option(body, packet_flags); flags && flags->has(4)) {
    const std::size_t said = flags->get32() >> 5 & 0xf;
    if (said != 0) fcs_bytes = said;
  }
  const RecordHeader header{.link_type = from.link_type, .position = position(), .length = std::max(captured, length)};
  result_.records.push_back(make_record(header, data, fcs_bytes));
  return {};
}

}  // namespace

Result<CaptureRecords> parse_pcapng(std::span<const std::byte> contents) { return PcapngParser(contents).parse(); }

}  // namespace sapulse::command
