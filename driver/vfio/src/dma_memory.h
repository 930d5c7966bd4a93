// SPDX-License-Identifier: Apache-2.0
// DMA buffers of a VfioDevice.
#pragma once

#include <cstddef>
#include <memory>

#include "iommu_space.h"
#include "iova_allocator.h"
#include "sapulse/device.h"

namespace sapulse {

/// Allocates memory and maps it; the buffers must not outlive the allocator.
class DmaAllocator {
 public:
  explicit DmaAllocator(IommuSpace& space) : space_(space), addresses_(space.ranges()) {}

  /// See Device::allocate_dma.
  Result<std::unique_ptr<DmaBuffer>> allocate(std::size_t bytes, std::size_t alignment);

 private:
  class Buffer;

  IommuSpace& space_;
  IovaAllocator addresses_;
};

}  // namespace sapulse
