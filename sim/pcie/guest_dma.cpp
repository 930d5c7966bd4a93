// SPDX-License-Identifier: Apache-2.0
#include "guest_dma.h"

#include <algorithm>

namespace sapulse::sim {

template <class Byte, class Access>
bool GuestDma::each_page(std::uint64_t iova, std::span<Byte> data, bool write, Access access) {
  if (!bus_master_) {
    ++blocked_;
    return false;
  }
  while (!data.empty()) {
    const std::size_t size = std::min<std::size_t>(data.size(), Vtd::kPage - iova % Vtd::kPage);
    const auto physical = iommu_.translate(iova, write);
    if (!physical || !access(*physical, data.first(size))) {
      ++faults_;
      return false;
    }
    iova += size;
    data = data.subspan(size);
  }
  return true;
}

bool GuestDma::read(std::uint64_t iova, std::span<std::byte> data) {
  return each_page(iova, data, false,
                   [this](std::uint64_t at, std::span<std::byte> part) { return memory_.read(at, part); });
}

bool GuestDma::write(std::uint64_t iova, std::span<const std::byte> data) {
  return each_page(iova, data, true,
                   [this](std::uint64_t at, std::span<const std::byte> part) { return memory_.write(at, part); });
}

}  // namespace sapulse::sim
