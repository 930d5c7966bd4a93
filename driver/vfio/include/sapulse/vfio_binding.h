// SPDX-License-Identifier: Apache-2.0
// Hands a card to the kernel driver vfio-pci and back. Needs the right to write to sysfs.
#pragma once

#include <string>

#include "sapulse/error.h"

namespace sapulse {

class Sysfs;

/// Binds a card to vfio-pci, whatever driver has it now. A failure leaves everything as it was. Doing it twice is
/// harmless. Errors: not_found (no such device, or not a sapulse card), io_error (one line with the remedy).
Result<void> bind_to_vfio(Sysfs& sysfs, const std::string& address);

/// Takes a card away from vfio-pci and lets the kernel choose its driver. Waits for whoever uses the card: the kernel
/// asks that process to let go. Errors: not_found (no such device, or not bound to vfio-pci), io_error.
Result<void> unbind_from_vfio(Sysfs& sysfs, const std::string& address);

}  // namespace sapulse
