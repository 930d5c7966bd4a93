// SPDX-License-Identifier: Apache-2.0
#include "frame_list.h"

namespace sapulse::sim::xrt {
namespace {

constexpr std::size_t kLengthBytes = 2;
constexpr unsigned kByteBits = 8;

}  // namespace

bool append_frame(std::vector<std::byte>& packet, std::span<const std::byte> frame) {
  if (packet.size() + kLengthBytes + frame.size() > kPacketLimit) return false;
  packet.push_back(static_cast<std::byte>(frame.size()));
  packet.push_back(static_cast<std::byte>(frame.size() >> kByteBits));
  packet.insert(packet.end(), frame.begin(), frame.end());
  return true;
}

Result<std::vector<std::vector<std::byte>>> read_frames(std::span<const std::byte> list) {
  std::vector<std::vector<std::byte>> frames;
  while (!list.empty()) {
    if (list.size() < kLengthBytes) return failure(Errc::parse_error, "a frame without its length");
    const std::size_t bytes = std::to_integer<std::size_t>(list[0]) | std::to_integer<std::size_t>(list[1])
                                                                          << kByteBits;
    list = list.subspan(kLengthBytes);
    if (list.size() < bytes) return failure(Errc::parse_error, "a frame shorter than its length says");
    frames.emplace_back(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(bytes));
    list = list.subspan(bytes);
  }
  return frames;
}

}  // namespace sapulse::sim::xrt
