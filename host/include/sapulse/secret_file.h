// SPDX-License-Identifier: Apache-2.0
// The secret of a device for crash tokens, in a file.
#pragma once

#include <filesystem>

#include "sapulse/error.h"
#include "sapulse/secret.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Reads the secret, or makes a random one when there is no file: a line of 64 hex digits and one of their
/// checksum, mode 0600, on disk before this returns. Of several processes that make it at once, one wins and all get
/// the same. Errors: io_error (no regular file, of another user, or the system refused), invalid_argument (readable or
/// writable by others than its owner), parse_error (contents). No message contains the secret. Thread-safe.
Result<DeviceSecret> load_or_create_secret(const std::filesystem::path& file);

}  // namespace sapulse
#pragma GCC visibility pop
