// SPDX-License-Identifier: Apache-2.0
// Host memory that the card reaches through XRT's slave bridge.
#pragma once

#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "sapulse/device.h"

namespace sapulse {

/// Gives out buffers of one memory bank. Buffers that come back are kept for the next allocation and go to XRT with
/// this object only: the card may still be writing to them.
class HostBuffers {
 public:
  /// `bank`: index of the memory in the xclbin.
  HostBuffers(xrt::device device, unsigned bank) : device_(std::move(device)), bank_(bank) {}

  /// Zeroed. Errors: invalid_argument, no_space.
  Result<std::unique_ptr<DmaBuffer>> allocate(std::size_t bytes, std::size_t alignment);

 private:
  struct Block {
    xrt::bo memory;
    std::size_t bytes;
  };
  class Buffer;

  [[nodiscard]] Block take(std::size_t bytes);

  xrt::device device_;
  unsigned bank_;
  std::multimap<std::size_t, Block> free_;  // by size
};

}  // namespace sapulse
