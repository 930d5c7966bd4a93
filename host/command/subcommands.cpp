// SPDX-License-Identifier: Apache-2.0
#include "subcommands.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace sapulse::command {

void complain(const std::string& message) { fmt::print(stderr, "sapulse: {}\n", message); }

int fail(const Error& error, bool in_json) {
  if (in_json) {
    const nlohmann::ordered_json line{{"error", {{"code", name(error.code)}, {"message", error.message}}}};
    fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else {
    complain(error.message);
  }
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
