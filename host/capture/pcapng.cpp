// SPDX-License-Identifier: Apache-2.0
#include "pcapng.h"

#include <cstring>
#include <string_view>

namespace sapulse::capture {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
constexpr std::uint16_t kEthernet = 1;

enum Option : std::uint16_t {
  option_end = 0,
  option_comment = 1,
  section_application = 4,
  interface_name = 2,
  interface_description = 3,
  interface_time_resolution = 9,
  packet_flags = 2,
  packet_drop_count = 4
};
constexpr std::uint8_t kNanoseconds = 9;  // 10^-9
// Block type, its length twice, interface, time, lengths, the options that a frame can have.
constexpr std::size_t kFrameOverhead = 12 + 20 + 8 + 12 + 4;

constexpr std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

/// A block, which gets its length when it is complete.
class Block {
 public:
  Block(std::vector<std::byte>& out, std::uint32_t type) : out_(out), start_(out.size()) {
    put(type);
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
  void put_option(Option option, std::span<const std::byte> value) {
    put(static_cast<std::uint16_t>(option));
    put(static_cast<std::uint16_t>(value.size()));
    put_padded(value);
  }
  void put_option(Option option, std::string_view text) {
    if (!text.empty()) put_option(option, std::as_bytes(std::span(text)));
  }
  template <class Number>
  void put_number(Option option, Number value) {
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
    Block section(out, kSectionHeader);
    section.put(kByteOrder);
    section.put(std::uint16_t{1});  // version 1.0
    section.put(std::uint16_t{0});
    section.put(~std::uint64_t{0});  // length of the section: not known yet
    section.put_option(option_comment, comment);
    section.put_option(section_application, std::string_view("sapulse"));
    section.end_options();
  }
  for (const PcapngInterface& interface : interfaces) {
    Block block(out, kInterfaceDescription);
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
  Block block(out, kEnhancedPacket);
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
