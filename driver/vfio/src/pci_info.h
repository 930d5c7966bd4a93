// SPDX-License-Identifier: Apache-2.0
// What sysfs says about PCI devices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/sysfs.h"

namespace sapulse {

inline constexpr const char* kVfioDriver = "vfio-pci";

struct PciInfo {
  std::string address;  ///< 0000:41:00.0
  std::uint32_t vendor = 0;
  std::uint32_t device = 0;
  std::optional<std::string> driver{};  ///< bound to it
  std::optional<std::string> group{};   ///< IOMMU group; none without an IOMMU

  [[nodiscard]] bool is_card() const;
};

/// Folder of a device below the root of sysfs.
std::string pci_folder(const std::string& address);

/// Errors: not_found.
Result<PciInfo> read_pci_info(const Sysfs& sysfs, const std::string& address);

/// A device that is a sapulse card. Errors: not_found.
Result<PciInfo> read_card_info(const Sysfs& sysfs, const std::string& address);

/// Every sapulse card.
std::vector<std::string> list_cards(const Sysfs& sysfs);

}  // namespace sapulse
