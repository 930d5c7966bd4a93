// SPDX-License-Identifier: Apache-2.0
// The software of the two hosts: one asks on every SA whether the other side lives, the other answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "platform.h"

namespace sapulse::systemc::example {

/// What the asking side saw.
struct Liveness {
  std::size_t asked = 0;
  std::size_t answered = 0;
  std::vector<std::uint64_t>
      round_trips;  ///< ns of its card's clock, from handing the ping to the card to the reply's first beat
};

/// Sends one encrypted ping after the other, as raw frames, and waits for the reply that its card has verified. Runs in
/// an SC_THREAD. Errors: those of libsapulse.
Result<Liveness> ask(Device& device, const Config& config, const std::vector<std::vector<std::uint8_t>>& pings);

/// Programs a card, which then answers by itself, calls `ready`, and looks after the card until `stop` is true.
Result<void> answer(Device& device, const Config& config, const std::function<void()>& ready, const bool& stop);

}  // namespace sapulse::systemc::example
