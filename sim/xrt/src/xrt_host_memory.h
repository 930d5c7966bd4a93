// SPDX-License-Identifier: Apache-2.0
// Host memory of the process that runs XRT.
#pragma once

#include <cstdint>

#include "channel.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim::xrt {

/// Carries the card's DMA to XRT. XRT takes any address for valid where no buffer is, so only the bounds of the bank
/// are checked, here.
class XrtHostMemory final : public DmaTarget {
 public:
  explicit XrtHostMemory(Channel& channel) : channel_(channel) {}

  bool read(std::uint64_t iova, std::span<std::byte> data) override;
  bool write(std::uint64_t iova, std::span<const std::byte> data) override;

 private:
  Channel& channel_;
};

}  // namespace sapulse::sim::xrt
