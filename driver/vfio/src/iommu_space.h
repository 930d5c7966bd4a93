// SPDX-License-Identifier: Apache-2.0
// A card opened through the kernel, with the I/O address space that belongs to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "iova_allocator.h"
#include "pci_info.h"
#include "sapulse/error.h"
#include "sapulse/vfio_device.h"

namespace sapulse {

class IommuSpace {
 public:
  virtual ~IommuSpace() = default;
  IommuSpace() = default;
  IommuSpace(const IommuSpace&) = delete;
  IommuSpace& operator=(const IommuSpace&) = delete;

  /// The VFIO device file.
  [[nodiscard]] virtual int device() const = 0;
  [[nodiscard]] virtual std::string describe() const = 0;
  /// What the IOMMU can translate.
  [[nodiscard]] virtual std::vector<IovaRange> ranges() const = 0;
  /// Lets the card read and write memory. Errors: no_space (locked memory, number of mappings), io_error.
  virtual Result<void> map(std::uint64_t iova, void* memory, std::size_t bytes) = 0;
  virtual Result<void> unmap(std::uint64_t iova, std::size_t bytes) = 0;
};

/// /dev/vfio/GROUP in a type1v2 container. Errors: io_error.
Result<std::unique_ptr<IommuSpace>> open_group_space(const VfioPaths& paths, const PciInfo& card);

/// True when the kernel offers iommufd for this device.
bool has_iommufd(const VfioPaths& paths, const Sysfs& sysfs, const PciInfo& card);
/// /dev/vfio/devices/vfioN bound to an iommufd. Errors: io_error.
Result<std::unique_ptr<IommuSpace>> open_iommufd_space(const VfioPaths& paths, const Sysfs& sysfs, const PciInfo& card);

/// The error of a mapping that the kernel has refused, by errno.
Error explain_map(std::size_t bytes, int error);

/// Where a kernel does not say what it can translate: below 2^39, around the interrupt window of x86.
std::vector<IovaRange> default_ranges();

}  // namespace sapulse
