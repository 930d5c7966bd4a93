// SPDX-License-Identifier: Apache-2.0
#include "duration_option.h"

#include "duration.h"

namespace sapulse::command {

void add_duration_option(Command& command, const std::string& name, std::optional<std::chrono::nanoseconds>& value,
                         const std::string& what) {
  const auto parse = [&value](const std::string& text) {
    return parse_duration(text).map([&](std::chrono::nanoseconds parsed) { value = parsed; });
  };
  command.add_parsed(name, parse, what, {.type = "TIME"});
}

}  // namespace sapulse::command
