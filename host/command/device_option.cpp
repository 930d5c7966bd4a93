// SPDX-License-Identifier: Apache-2.0
#include "device_option.h"

#include <string>

namespace sapulse::command {

void add_device_option(Command& command, DeviceAddress& address) {
  const auto parse = [&address](const std::string& text) {
    return DeviceAddress::parse(text).map([&](const DeviceAddress& parsed) { address = parsed; });
  };
  command.add_parsed("--device", parse, "the card: " + std::string(DeviceAddress::kForms),
                     {.type = "DEVICE", .default_text = "sim"});
}

}  // namespace sapulse::command
