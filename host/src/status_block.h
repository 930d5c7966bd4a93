// SPDX-License-Identifier: Apache-2.0
// Rings in host memory: their alignment, and the status block where the card leaves its indices.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "sapulse/device.h"
#include "sapulse/registers.h"

namespace sapulse {

/// Alignment of rings in host memory: the card's bursts end at 1 KiB boundaries, so these rings need the fewest.
inline constexpr std::size_t kRingAlignment = 1024;

/// Indices that the card has written last. All count up for ever, modulo 2^32.
class StatusBlock {
 public:
  StatusBlock(Device& device, std::unique_ptr<DmaBuffer> memory) : device_(device), memory_(std::move(memory)) {}

  [[nodiscard]] std::uint64_t iova() const { return memory_->iova(); }
  [[nodiscard]] std::uint32_t completion_producer() { return load().completion_producer(); }
  [[nodiscard]] std::uint32_t exception_producer() { return load().exception_producer(); }
  [[nodiscard]] std::uint32_t event_producer() { return load().event_producer(); }

 private:
  /// A view of the block as it is now; the entries that it counts may be read afterwards. Whole words are read, each
  /// once.
  regs::ConstStatusBlock load() {
    device_.barrier();
    const auto* words = reinterpret_cast<const volatile std::uint32_t*>(memory_->bytes().data());
    for (std::size_t i = 0; i < kBytes; i += sizeof(*words)) {
      const std::uint32_t word = words[i / sizeof(*words)];
      std::memcpy(copy_.data() + i, &word, sizeof(word));
    }
    device_.barrier();
    return regs::ConstStatusBlock{std::span<const std::byte, kBytes>(copy_)};
  }

  static constexpr std::size_t kBytes = regs::StatusBlock::kSize;
  Device& device_;
  std::unique_ptr<DmaBuffer> memory_;
  std::array<std::byte, kBytes> copy_{};
};

}  // namespace sapulse
