// SPDX-License-Identifier: Apache-2.0
#include "dma_memory.h"

#include <fmt/format.h>
#include <linux/mman.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sapulse {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

/// Anonymous memory of whole pages.
class Mapping {
 public:
  static Mapping create(std::size_t bytes) {
    if (bytes >= kHugePage) {
      const std::size_t whole = (bytes + kHugePage - 1) / kHugePage * kHugePage;
      if (Mapping huge(whole, kHugePage); huge) return huge;
    }
    return {(bytes + IovaAllocator::kPage - 1) / IovaAllocator::kPage * IovaAllocator::kPage, IovaAllocator::kPage};
  }
  Mapping(Mapping&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), bytes_(other.bytes_), page_(other.page_) {}
  Mapping& operator=(Mapping&&) = delete;
  ~Mapping() {
    if (memory_ != nullptr) munmap(memory_, bytes_);
  }

  explicit operator bool() const { return memory_ != nullptr; }
  [[nodiscard]] std::byte* memory() const { return static_cast<std::byte*>(memory_); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Size of its pages.
  [[nodiscard]] std::size_t page() const { return page_; }

 private:
  Mapping(std::size_t bytes, std::size_t page)
      : memory_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | (page == kHugePage ? MAP_HUGETLB | MAP_HUGE_2MB : 0),
                     -1, 0)),
        bytes_(bytes),
        page_(page) {
    if (memory_ == MAP_FAILED) {
      memory_ = nullptr;
      return;
    }
    // A child process must not get copies: the card would go on with the pages of one of the two.
    madvise(memory_, bytes_, MADV_DONTFORK);
    madvise(memory_, bytes_, MADV_DONTDUMP);  // commands hold keys
  }

  void* memory_;
  std::size_t bytes_;
  std::size_t page_;
};

}  // namespace

class DmaAllocator::Buffer final : public DmaBuffer {
 public:
  Buffer(DmaAllocator& owner, Mapping mapping, std::uint64_t iova, std::size_t bytes)
      : owner_(owner), mapping_(std::move(mapping)), iova_(iova), bytes_(bytes) {}
  ~Buffer() override {
    // Should the kernel refuse, the address must not be handed out again while it is mapped.
    if (owner_.space_.unmap(iova_, mapping_.bytes())) owner_.addresses_.free(iova_);
    explicit_bzero(mapping_.memory(), mapping_.bytes());  // commands hold keys
  }

  [[nodiscard]] std::span<std::byte> bytes() override { return {mapping_.memory(), bytes_}; }
  [[nodiscard]] std::uint64_t iova() const override { return iova_; }

 private:
  DmaAllocator& owner_;
  Mapping mapping_;
  std::uint64_t iova_;
  std::size_t bytes_;
};

Result<std::unique_ptr<DmaBuffer>> DmaAllocator::allocate(std::size_t bytes, std::size_t alignment) {
  if (bytes == 0) return failure(Errc::invalid_argument, "DMA memory of 0 bytes");
  if (!std::has_single_bit(alignment)) {
    return failure(Errc::invalid_argument, fmt::format("alignment {} of DMA memory is not a power of two", alignment));
  }
  if (bytes > kMostBytes) {
    return failure(Errc::no_space, fmt::format("DMA memory of {} bytes is more than 1 GiB", bytes));
  }
  Mapping mapping = Mapping::create(bytes);
  if (!mapping) {
    return failure(Errc::no_space, fmt::format("DMA memory of {} bytes: {}", bytes, std::strerror(errno)));
  }
  // Huge pages at addresses like theirs need one entry of the IOMMU's tables each.
  const auto iova = addresses_.allocate(mapping.bytes(), std::max(alignment, mapping.page()));
  if (!iova) return failure(Errc::no_space, fmt::format("no I/O virtual addresses left for {} bytes", bytes));
  if (auto mapped = space_.map(*iova, mapping.memory(), mapping.bytes()); !mapped) {
    addresses_.free(*iova);
    return tl::unexpected(mapped.error());
  }
  return std::make_unique<Buffer>(*this, std::move(mapping), *iova, bytes);
}

Error explain_map(std::size_t bytes, int error) {
  if (error == ENOSPC) {
    return {Errc::no_space,
            fmt::format("mapping {} bytes for the card: the kernel's limit of mappings is reached: raise the parameter "
                        "dma_entry_limit of its module vfio_iommu_type1",
                        bytes)};
  }
  if (error != ENOMEM) {
    return {Errc::io_error, fmt::format("mapping {} bytes for the card: {}", bytes, std::strerror(error))};
  }
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  return {Errc::no_space,
          fmt::format("{} bytes of memory for the card exceed the limit of locked memory, {} KiB: raise it (ulimit -l, "
                      "LimitMEMLOCK= of a systemd unit, or memlock in /etc/security/limits.conf)",
                      bytes, limit.rlim_cur / 1024)};
}

std::vector<IovaRange> default_ranges() { return {{0, 0xfedfffff}, {0xfef00000, (std::uint64_t{1} << 39) - 1}}; }

}  // namespace sapulse
