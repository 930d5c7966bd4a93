// SPDX-License-Identifier: Apache-2.0
#include "device_option.h"

#include <string>
#include <utility>

namespace sapulse::command {

void add_device_option(Command& command, std::optional<DeviceAddress>& address) {
  const auto parse = [&address](const std::string& text) {
    return DeviceAddress::parse(text).map([&](const DeviceAddress& parsed) { address = parsed; });
  };
  command.add_parsed("--device", parse, "the card: " + std::string(DeviceAddress::kForms),
                     {.type = "DEVICE", .default_text = "model"});
}

Result<std::unique_ptr<Device>> open_card_device(const DeviceAddress& address, NetAdmin admin, FrameTap tap) {
  auto device = open_device(address, std::move(tap));
  if (!device || address.backend != DeviceAddress::Backend::net) return device;
  if (auto dropped = drop_network_capabilities(admin); !dropped) return tl::unexpected(dropped.error());
  return device;
}

}  // namespace sapulse::command
