// SPDX-License-Identifier: Apache-2.0
// Example: a program that lets a card answer pings and looks after it.
#pragma once

#include <chrono>
#include <filesystem>
#include <ostream>

#include "sapulse/device.h"
#include "sapulse/error.h"

namespace sapulse::examples {

/// Programs the card behind `device` from a configuration file, looks after it for `duration` of its own time, and
/// prints what it did.
Result<void> run_endpoint(Device& device, const std::filesystem::path& file, std::chrono::nanoseconds duration,
                          std::ostream& out);

}  // namespace sapulse::examples
