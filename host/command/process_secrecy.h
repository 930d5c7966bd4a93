// SPDX-License-Identifier: Apache-2.0
// Keeps a process that holds keys for long to itself.
#pragma once

#include <optional>
#include <string>

namespace sapulse::command {

/// No core dumps, and no debugger of the same user, from now on (PR_SET_DUMPABLE).
void forbid_core_dumps();

/// What the system has not granted for the keys that there are, with the remedy, one line; nothing if all is well.
[[nodiscard]] std::optional<std::string> secrecy_gap();

}  // namespace sapulse::command
