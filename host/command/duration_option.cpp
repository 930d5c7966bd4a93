// SPDX-License-Identifier: Apache-2.0
#include "duration_option.h"

#include "duration.h"

namespace sapulse::command {

CLI::Option* add_duration_option(CLI::App& app, const std::string& name, std::optional<std::chrono::nanoseconds>& value,
                                 const std::string& description) {
  const auto parse = [&value, name](const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed) throw CLI::ValidationError(name, parsed.error().message);
    value = *parsed;
  };
  return app.add_option_function<std::string>(name, parse, description)->type_name("TIME");
}

}  // namespace sapulse::command
