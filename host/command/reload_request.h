// SPDX-License-Identifier: Apache-2.0
// SIGHUP: the configuration is to be read again.
#pragma once

namespace sapulse::command {

/// From now on the signal makes reload_descriptor() readable, and interrupts system calls.
void catch_reload_signal();
/// Whether the signal has come since the last call.
[[nodiscard]] bool take_reload_request();
/// For poll(); -1 before catch_reload_signal().
[[nodiscard]] int reload_descriptor();

}  // namespace sapulse::command
