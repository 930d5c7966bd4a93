// SPDX-License-Identifier: Apache-2.0
// The command line seen from outside: what there is, and what somebody may have meant who asks for what there is not.
// Knows CLI11, so only command_line.cpp includes it.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

namespace sapulse::command {

/// All commands below this one with their options. Man page and completion are made of it:
/// {"name", "what", "options": [{"names", "value", "default", "required", "choices", "what"}], "commands": [...]};
/// `value` and `default` are null where there is none, `names` of a positional argument do not begin with hyphens.
nlohmann::ordered_json describe(const CLI::App& app);

/// What is wrong with a command line where no command, or none that exists, is named, or an option that does not exist:
/// one line. Nothing: something else is wrong. `app` has tried to parse `arguments`, which begin after the program's
/// name.
std::optional<std::string> explain_unknown(const CLI::App& app, std::span<const char* const> arguments);

}  // namespace sapulse::command
