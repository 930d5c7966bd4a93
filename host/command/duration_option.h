// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "command_line.h"

namespace sapulse::command {

/// Adds an option whose value is a time with its unit, "10ms".
void add_duration_option(Command& command, const std::string& name, std::optional<std::chrono::nanoseconds>& value,
                         const std::string& what);

}  // namespace sapulse::command
