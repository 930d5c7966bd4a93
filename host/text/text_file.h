// SPDX-License-Identifier: Apache-2.0
// Files that people write.
#pragma once

#include <filesystem>
#include <string>

#include "sapulse/error.h"

namespace sapulse {

/// All of a file. Errors: not_found (no such file), io_error (a folder, or what else cannot be read); the message names
/// it. Thread-safe.
Result<std::string> read_text_file(const std::filesystem::path& file);

}  // namespace sapulse
