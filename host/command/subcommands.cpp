// SPDX-License-Identifier: Apache-2.0
#include "subcommands.h"

#include <fmt/format.h>

#include <cstdio>

namespace sapulse::command {

void complain(const std::string& message) { fmt::print(stderr, "sapulse: {}\n", message); }

}  // namespace sapulse::command
