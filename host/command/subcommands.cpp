// SPDX-License-Identifier: Apache-2.0
#include "subcommands.h"

#include <fmt/format.h>

#include <cstdio>

namespace sapulse::command {

void complain(const std::string& message) { fmt::print(stderr, "sapulse: {}\n", message); }

int fail(const Error& error) {
  complain(error.message);
  switch (error.code) {
    case Errc::invalid_argument:
    case Errc::not_found:
    case Errc::exists:
    case Errc::parse_error:
      return exit_usage;
    default:
      return exit_device;
  }
}

}  // namespace sapulse::command
