// SPDX-License-Identifier: Apache-2.0
// Ending on SIGINT and SIGTERM, but in order: the card must be stopped and its memory given back.
#pragma once

namespace sapulse::command {

/// From now on these signals only set stop_requested(), and interrupt system calls. Whoever has not ended a second
/// later is ended: what has been acknowledged is on disk, and the kernel stops the card.
void catch_stop_signals();
[[nodiscard]] bool stop_requested();

}  // namespace sapulse::command
