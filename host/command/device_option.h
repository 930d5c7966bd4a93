// SPDX-License-Identifier: Apache-2.0
// The option --device of every subcommand that talks to a card.
#pragma once

#include <CLI/CLI.hpp>

#include "sapulse/open_device.h"

namespace sapulse::command {

/// Adds --device to a subcommand; parsing fills `address` or throws CLI::ValidationError.
CLI::Option* add_device_option(CLI::App& app, DeviceAddress& address);

}  // namespace sapulse::command
