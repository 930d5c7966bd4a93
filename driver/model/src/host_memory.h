// SPDX-License-Identifier: Apache-2.0
// Host memory as the card sees it: regions at I/O virtual addresses, everything else is a fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/model/dma_target.h"

namespace sapulse::model {

class HostMemory final : public DmaTarget {
 public:
  /// See Card::map.
  Result<std::uint64_t> map(std::size_t bytes, std::size_t alignment);
  void unmap(std::uint64_t iova) { regions_.erase(iova); }
  [[nodiscard]] std::span<std::byte> region(std::uint64_t iova);

  /// The memory of [iova, iova + bytes); empty when not all of it belongs to one region.
  [[nodiscard]] std::span<std::byte> find(std::uint64_t iova, std::size_t bytes);

  bool read(std::uint64_t iova, std::span<std::byte> data) override;
  bool write(std::uint64_t iova, std::span<const std::byte> data) override;

 private:
  std::map<std::uint64_t, std::vector<std::byte>> regions_;
  // Above 4 GiB, so that lost upper address bits show.
  std::uint64_t next_ = 0x12'3400'0000;
};

}  // namespace sapulse::model
