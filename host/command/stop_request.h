// SPDX-License-Identifier: Apache-2.0
// Ending on SIGINT and SIGTERM, but in order: the card must be stopped and its memory given back.
#pragma once

namespace sapulse::command {

/// From now on these signals only set stop_requested(), make stop_descriptor() readable for ever, and end poll() and
/// the like (signal(7)); what is being written is written. Whoever has not ended a second later is ended: what has been
/// acknowledged is on disk, and the kernel stops the card.
void catch_stop_signals();
[[nodiscard]] bool stop_requested();
/// For poll(): a signal that comes just before it ends it, too. -1 before catch_stop_signals().
[[nodiscard]] int stop_descriptor();
/// Nothing is left to do but to give memory back: who is ended now has not failed.
void note_work_done();

}  // namespace sapulse::command
