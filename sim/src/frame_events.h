// SPDX-License-Identifier: Apache-2.0
// What happens to frames of the line side inside the card in one cycle (outputs event_* of sim_top).
#pragma once

namespace sapulse::sim {

/// In the order in which a frame meets them. Frames never overtake each other between two events, except where a
/// frame's way is told: at `steered`, `parted`, `routed_*`, `judged` and `chosen`.
struct FrameEvents {
  bool received = false;          ///< first beat taken on line RX
  bool arrived = false;           ///< last beat taken on line RX
  bool decided = false;           ///< policy has decided
  bool steered = false;           ///< first beat out of rx_buffer
  bool steered_passes = false;    ///< with `steered`: to the core side, whether or not the control path gets it, too
  bool parted = false;            ///< steer has found out whether the control path gets it
  bool parted_taken = false;      ///< with `parted`: it does
  bool routed_exception = false;  ///< dispatch has begun with it: to the host
  bool routed_ping = false;       ///< the same, to open
  bool routed_echo = false;       ///< the same, a clear echo
  bool dispatched = false;        ///< first beat out of control_fifo
  bool opened = false;            ///< verdict of open
  bool judged = false;            ///< open_gate lets it go or drops it
  bool judged_answered = false;   ///< with `judged`: it gets an answer
  bool sealing = false;           ///< first beat into respond
  bool chosen = false;            ///< reply_mux has chosen the next message
  bool chosen_echo = false;       ///< with `chosen`: the answer to a clear echo
  bool chosen_from_line = false;  ///< with `chosen`: an answer, no message of the card's own
  bool assembling = false;        ///< first beat out of assemble
  bool answer_sent = false;       ///< first beat of an answer, or of a message of the card's own, on line TX
  bool passed_sent = false;       ///< first beat on core TX
};

}  // namespace sapulse::sim
