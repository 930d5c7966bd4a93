// SPDX-License-Identifier: Apache-2.0
#include "device_option.h"

#include <string>

namespace sapulse::command {

CLI::Option* add_device_option(CLI::App& app, DeviceAddress& address) {
  const auto parse = [&address](const std::string& text) {
    const auto parsed = DeviceAddress::parse(text);
    if (!parsed) throw CLI::ValidationError("--device", parsed.error().message);
    address = *parsed;
  };
  return app.add_option_function<std::string>("--device", parse, "the card: " + std::string(DeviceAddress::forms))
      ->type_name("DEVICE")
      ->default_str("sim");
}

}  // namespace sapulse::command
