// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.h"
#include "sapulse/open_device.h"

namespace sapulse::command {

/// Adds --device to a subcommand.
void add_device_option(Command& command, DeviceAddress& address);

}  // namespace sapulse::command
