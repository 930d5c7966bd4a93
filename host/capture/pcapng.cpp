// SPDX-License-Identifier: Apache-2.0
#include "pcapng.h"

#include <cstring>
#include <string_view>

#include "pcapng_format.h"

namespace sapulse::capture {
namespace {

constexpr std::uint16_t kEthernet = 1;
constexpr std::uint8_t kNanoseconds = 9;  // 10^-9
// Around a frame: its block's, interface, time, lengths, the options that it can have.
constexpr std::size_t kFrameOverhead = kBlockFrame + 20 + 8 + 12 + 4;

/// A block, which gets its length when it is complete.
class Block {
 public:
  Block(std::vector<std::byte>& out, BlockType type) : out_(out), start_(out.size()) {
    put(static_cast<std::uint32_t>(type));
    put(std::uint32_t{0});
  }
  ~Block() {
    const auto length = static_cast<std::uint32_t>(out_.size() - start_ + sizeof(std::uint32_t));
    put(length);
    std::memcpy(out_.data() + start_ + sizeof(std::uint32_t), &length, sizeof length);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  template <class Number>
  void put(Number value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  /// Followed by as many zeros as the format wants.
  void put_padded(std::span<const std::byte> bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    out_.resize(out_.size() + padded(bytes.size()) - bytes.size());
  }
  void put_option(OptionCode option, std::span<const std::byte> value) {
    put(static_cast<std::uint16_t>(option));
    put(static_cast<std::uint16_t>(value.size()));
    put_padded(value);
  }
  void put_option(OptionCode option, std::string_view text) {
    if (!text.empty()) put_option(option, std::as_bytes(std::span(text)));
  }
  template <class Number>
  void put_number(OptionCode option, Number value) {
    put_option(option, std::as_bytes(std::span(&value, 1)));
  }
  void end_options() { put(std::uint32_t{option_end}); }

 private:
  std::vector<std::byte>& out_;
  std::size_t start_;
};

}  // namespace

void append_section(std::vector<std::byte>& out, const std::string& comment,
                    std::span<const PcapngInterface> interfaces) {
  {
    Block section(out, block_section_header);
    section.put(kByteOrderMagic);
    section.put(std::uint16_t{1});  // version 1.0
    section.put(std::uint16_t{0});
    section.put(~std::uint64_t{0});  // length of the section: not known yet
    section.put_option(option_comment, comment);
    section.put_option(section_application, std::string_view("sapulse"));
    section.end_options();
  }
  for (const PcapngInterface& interface : interfaces) {
    Block block(out, block_interface);
    block.put(kEthernet);
    block.put(std::uint16_t{0});
    block.put(std::uint32_t{0});  // frames are never cut
    block.put_option(interface_name, interface.name);
    block.put_option(interface_description, interface.description);
    block.put_number(interface_time_resolution, kNanoseconds);
    block.end_options();
  }
}

void append_frame(std::vector<std::byte>& out, const PcapngFrame& frame) {
  Block block(out, block_enhanced_packet);
  block.put(frame.interface);
  block.put(static_cast<std::uint32_t>(frame.time_ns >> 32));
  block.put(static_cast<std::uint32_t>(frame.time_ns));
  const auto length = static_cast<std::uint32_t>(frame.bytes.size());
  block.put(length);  // captured
  block.put(length);  // on the wire
  block.put_padded(frame.bytes);
  block.put_number(packet_flags, std::uint32_t{frame.direction == Direction::in ? 1U : 2U});
  if (frame.lost_before != 0) block.put_number(packet_drop_count, frame.lost_before);
  block.end_options();
}

std::size_t block_bytes(const PcapngFrame& frame) { return kFrameOverhead + padded(frame.bytes.size()); }

std::size_t whole_blocks(std::span<const std::byte> bytes) {
  std::size_t whole = 0;
  while (bytes.size() - whole >= 2 * sizeof(std::uint32_t)) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + whole + sizeof length, sizeof length);
    if (bytes.size() - whole < length) break;
    whole += length;
  }
  return whole;
}

}  // namespace sapulse::capture
