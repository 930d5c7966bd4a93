// SPDX-License-Identifier: Apache-2.0
// Keying material of the kernel's SAs, as control keys are derived from it (protocol, section 4).
#pragma once

#include "kernel_sa.h"
#include "sapulse/error.h"
#include "sapulse/sa.h"

namespace sapulse::kernel {

/// Splits the kernel's keys into key, salt and integrity key. Errors: unsupported; the message is the reason for which
/// the SA cannot be watched, without key material. Thread-safe.
Result<SaDirection> keying_of(const KernelSa& sa);

}  // namespace sapulse::kernel
