// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace sapulse::command {

/// Adds an option whose value is a time with its unit, "10ms".
CLI::Option* add_duration_option(CLI::App& app, const std::string& name, std::optional<std::chrono::nanoseconds>& value,
                                 const std::string& description);

}  // namespace sapulse::command
