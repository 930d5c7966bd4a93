// SPDX-License-Identifier: Apache-2.0
#include "host_buffers.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <exception>
#include <utility>

namespace sapulse {
namespace {

constexpr std::size_t kPage = 4096;  // XRT's buffers begin at pages, and others must not share ours
constexpr std::size_t kLimit = std::size_t{1} << 30;

constexpr std::size_t round_up(std::size_t value, std::size_t step) { return (value + step - 1) / step * step; }

}  // namespace

class HostBuffers::Buffer final : public DmaBuffer {
 public:
  Buffer(HostBuffers& owner, Block block, std::size_t bytes, std::size_t alignment)
      : owner_(owner), block_(std::move(block)) {
    const std::uint64_t start = block_.memory.address();
    iova_ = round_up(start, alignment);
    bytes_ = {block_.memory.map<std::byte*>() + (iova_ - start), bytes};
    std::ranges::fill(bytes_, std::byte{0});
  }
  ~Buffer() override {
    const std::size_t size = block_.bytes;
    owner_.free_.emplace(size, std::move(block_));
  }

  [[nodiscard]] std::span<std::byte> bytes() override { return bytes_; }
  [[nodiscard]] std::uint64_t iova() const override { return iova_; }

 private:
  HostBuffers& owner_;
  Block block_;
  std::span<std::byte> bytes_;
  std::uint64_t iova_;
};

Result<std::unique_ptr<DmaBuffer>> HostBuffers::allocate(std::size_t bytes, std::size_t alignment) {
  if (bytes == 0 || !std::has_single_bit(alignment)) {
    return failure(Errc::invalid_argument,
                   fmt::format("DMA memory of {} bytes aligned to {}: at least one byte, aligned to a power of two",
                               bytes, alignment));
  }
  if (bytes > kLimit || alignment > kLimit) {
    return failure(Errc::no_space,
                   fmt::format("DMA memory of {} bytes aligned to {}: more than 1 GiB", bytes, alignment));
  }
  try {
    Block block = take(round_up(bytes, kPage) + (alignment > kPage ? alignment : 0));
    return std::make_unique<Buffer>(*this, std::move(block), bytes, alignment);
  } catch (const std::exception& error) {
    return failure(Errc::no_space,
                   fmt::format("XRT has no {} bytes of host memory for the card (xbutil configure --host-mem): {}",
                               bytes, error.what()));
  }
}

HostBuffers::Block HostBuffers::take(std::size_t bytes) {
  const auto found = free_.lower_bound(bytes);
  if (found != free_.end() && found->first <= 2 * bytes) return std::move(free_.extract(found).mapped());
  return {xrt::bo(device_, bytes, xrt::bo::flags::host_only, bank_), bytes};
}

}  // namespace sapulse
