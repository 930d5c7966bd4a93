// SPDX-License-Identifier: Apache-2.0
// The simulator is a plug-in: libsapulse works without it, and finds it beside itself where it has been built.
#pragma once

#include <memory>

#include "sapulse/device.h"
#include "sapulse/error.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Makes a simulated card of default options. The plug-in exports a constant of this type for open_device().
using OpenSimulatedDevice = Result<std::unique_ptr<Device>> (*)();
inline constexpr const char* kOpenSimulatedDeviceSymbol = "sapulse_open_simulated_device";

/// A symbol of the plug-in, which is loaded by the first call and stays. Errors: not_found (no plug-in, or one without
/// this symbol; one line that says what was looked for and how to get it). Thread-safe.
[[nodiscard]] Result<const void*> simulator_symbol(const char* name);

}  // namespace sapulse
#pragma GCC visibility pop
