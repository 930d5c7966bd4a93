// SPDX-License-Identifier: Apache-2.0
// The card's way to the guest's memory: through the IOMMU, while it is bus master.
#pragma once

#include <atomic>
#include <cstdint>

#include "guest_memory.h"
#include "sapulse/sim/card.h"
#include "vtd.h"

namespace sapulse::sim {

/// One thread accesses memory; the others may switch bus mastering and read the counts.
class GuestDma final : public DmaTarget {
 public:
  GuestDma(Vtd& iommu, const GuestMemory& memory) : iommu_(iommu), memory_(memory) {}

  bool read(std::uint64_t iova, std::span<std::byte> data) override;
  bool write(std::uint64_t iova, std::span<const std::byte> data) override;

  void set_bus_master(bool on) { bus_master_ = on; }
  /// Accesses that the IOMMU has refused.
  [[nodiscard]] std::uint64_t faults() const { return faults_; }
  /// Accesses while bus mastering was off.
  [[nodiscard]] std::uint64_t blocked() const { return blocked_; }

 private:
  template <class Byte, class Access>
  bool each_page(std::uint64_t iova, std::span<Byte> data, bool write, Access access);

  Vtd& iommu_;
  const GuestMemory& memory_;
  std::atomic<bool> bus_master_ = false;
  std::atomic<std::uint64_t> faults_ = 0;
  std::atomic<std::uint64_t> blocked_ = 0;
};

}  // namespace sapulse::sim
