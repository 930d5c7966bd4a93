// SPDX-License-Identifier: Apache-2.0
// Somebody on the path without keys: sees all frames, and sends any.
#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <span>

#include "sapulse/sim/card.h"
#include "scenario.h"

namespace sapulse::lab {

/// Makes frames that a node must not be impressed by.
class Attacker {
 public:
  Attacker(const Scenario& scenario, const Forge& forge, std::uint64_t seed);

  /// A frame of the link towards the victim; the latest are kept.
  void record(std::span<const std::byte> frame);
  /// The next frame to send; empty as long as there is nothing recorded that it could be made from.
  sim::Frame next();

 private:
  sim::Frame forge_error();
  sim::Frame replay();

  const LinkSpec& link_;
  Forge forge_;
  NodeIndex peer_;
  std::mt19937_64 random_;
  std::deque<sim::Frame> recorded_;
};

}  // namespace sapulse::lab
