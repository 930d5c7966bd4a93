// SPDX-License-Identifier: Apache-2.0
// Keys of the control channel (protocol, section 4).
#pragma once

#include "sapulse/command.h"
#include "sapulse/error.h"
#include "sapulse/sa.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Key material of one direction for the control channel: derived from its keying material by HKDF-SHA-256, or with
/// `plain` its key and salt as they are; and the powers of H. Errors: device_error (OpenSSL failed), invalid_argument
/// (`plain`, and not those of AES-GCM). Thread-safe.
Result<KeyMaterial> control_keys(const SaDirection& direction, bool plain);

}  // namespace sapulse
#pragma GCC visibility pop
