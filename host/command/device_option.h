// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "command_line.h"
#include "sapulse/capabilities.h"
#include "sapulse/open_device.h"

namespace sapulse::command {

/// Adds --device to a subcommand.
void add_device_option(Command& command, std::optional<DeviceAddress>& address);

/// Opens a card, and gives up the privileges that only opening it took; CAP_NET_ADMIN as `admin` says.
/// `tap`: see open_device().
[[nodiscard]] Result<std::unique_ptr<Device>> open_card_device(const DeviceAddress& address, NetAdmin admin,
                                                               FrameTap tap = {});

}  // namespace sapulse::command
