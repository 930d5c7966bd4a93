// SPDX-License-Identifier: Apache-2.0
// Whether the kernel will hand a card over, and if not, what to do about it.
#pragma once

#include <string>

#include "pci_info.h"
#include "sapulse/error.h"
#include "sapulse/sysfs.h"
#include "sapulse/vfio_device.h"

namespace sapulse {

/// The card that is meant: the given one, or the only one. Errors: not_found.
Result<PciInfo> choose_card(const Sysfs& sysfs, const std::string& address);

/// Errors: io_error.
Result<void> check_iommu(const PciInfo& card);

/// IOMMU there, card bound to vfio-pci, nothing foreign in its IOMMU group. Errors: io_error, one line with the remedy.
Result<void> check_viable(const Sysfs& sysfs, const PciInfo& card);

/// The message for a file of /dev/vfio that could not be opened, by errno.
Error explain_open(const std::filesystem::path& file, const PciInfo& card, int error);

}  // namespace sapulse
