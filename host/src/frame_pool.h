// SPDX-License-Identifier: Apache-2.0
// Buffers of frames that the card is to send.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sapulse/device.h"
#include "sapulse/registers.h"
#include "sapulse_wire.h"

namespace sapulse {

/// Frame buffers in one piece of DMA memory, each 64-byte aligned.
class FramePool {
 public:
  static Result<std::unique_ptr<FramePool>> create(Device& device, unsigned buffers) {
    auto memory = device.allocate_dma(std::size_t{buffers} * regs::kMaxFrameBytes, kAlignment);
    if (!memory) return tl::unexpected(memory.error());
    return std::unique_ptr<FramePool>(new FramePool(std::move(*memory), buffers));
  }

  [[nodiscard]] bool empty() const { return free_.empty(); }
  /// Takes a buffer; the pool must not be empty.
  [[nodiscard]] unsigned take() {
    const unsigned buffer = free_.back();
    free_.pop_back();
    return buffer;
  }
  void give_back(unsigned buffer) { free_.push_back(buffer); }

  [[nodiscard]] std::uint64_t iova(unsigned buffer) const {
    return memory_->iova() + std::uint64_t{buffer} * regs::kMaxFrameBytes;
  }
  /// Fills a buffer, with zeros up to the Ethernet minimum; returns the length.
  std::uint16_t fill(unsigned buffer, std::span<const std::uint8_t> frame) {
    const auto bytes = memory_->bytes().subspan(std::size_t{buffer} * regs::kMaxFrameBytes, regs::kMaxFrameBytes);
    const auto end = std::ranges::copy(std::as_bytes(frame), bytes.begin()).out;
    const std::size_t length = std::max<std::size_t>(frame.size(), wire::frame_min_bytes);
    std::fill(end, bytes.begin() + std::max<std::ptrdiff_t>(end - bytes.begin(), wire::frame_min_bytes), std::byte{0});
    return static_cast<std::uint16_t>(length);
  }

 private:
  static constexpr std::size_t kAlignment = 64;
  static_assert(regs::kMaxFrameBytes % kAlignment == 0);

  FramePool(std::unique_ptr<DmaBuffer> memory, unsigned buffers) : memory_(std::move(memory)) {
    for (unsigned i = buffers; i-- > 0;) free_.push_back(i);
  }

  std::unique_ptr<DmaBuffer> memory_;
  std::vector<unsigned> free_;
};

}  // namespace sapulse
