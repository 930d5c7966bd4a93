// SPDX-License-Identifier: Apache-2.0
#include "host_memory.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <string>

namespace sapulse::model {

Result<std::uint64_t> HostMemory::map(std::size_t bytes, std::size_t alignment) {
  constexpr std::size_t kPage = 4096;
  constexpr std::size_t kAlignmentLimit = std::size_t{2} << 20;
  constexpr std::size_t kLimit = std::size_t{1} << 30;
  if (bytes == 0) return failure(Errc::invalid_argument, "DMA memory of 0 bytes");
  if (!std::has_single_bit(alignment) || alignment > kAlignmentLimit) {
    return failure(Errc::invalid_argument,
                   "alignment " + std::to_string(alignment) + " of DMA memory is not a power of two up to 2 MiB");
  }
  if (bytes > kLimit) {
    return failure(Errc::no_space, "DMA memory of " + std::to_string(bytes) + " bytes is more than 1 GiB");
  }
  // Addresses are never used twice and regions never touch: a late or long access of the card is always seen.
  const std::size_t step = std::max(alignment, kPage);
  const std::uint64_t iova = (next_ + step - 1) / step * step;
  next_ = iova + (bytes + kPage - 1) / kPage * kPage + kPage;
  regions_.emplace(iova, std::vector<std::byte>(bytes));
  return iova;
}

std::span<std::byte> HostMemory::region(std::uint64_t iova) {
  const auto found = regions_.find(iova);
  return found == regions_.end() ? std::span<std::byte>{} : std::span<std::byte>{found->second};
}

std::span<std::byte> HostMemory::find(std::uint64_t iova, std::size_t bytes) {
  auto after = regions_.upper_bound(iova);
  if (after == regions_.begin()) return {};
  auto& [base, memory] = *std::prev(after);
  const std::uint64_t offset = iova - base;
  if (offset > memory.size() || bytes > memory.size() - offset) return {};
  return std::span<std::byte>{memory}.subspan(offset, bytes);
}

bool HostMemory::read(std::uint64_t iova, std::span<std::byte> data) {
  const auto memory = find(iova, data.size());
  std::ranges::copy(memory, data.begin());
  return !memory.empty();
}

bool HostMemory::write(std::uint64_t iova, std::span<const std::byte> data) {
  const auto memory = find(iova, data.size());
  if (!memory.empty()) std::ranges::copy(data, memory.begin());
  return !memory.empty();
}

}  // namespace sapulse::model
