// SPDX-License-Identifier: Apache-2.0
// A peer that falls silent on all SAs at once.
#pragma once

#include <chrono>

#include "watch.h"

namespace sapulse::test {

/// Lets the peer of SAs that are all up fall silent. Each must be found down after the detection time, and within that
/// and one round trip: its last one. Returns the time of the last.
std::chrono::nanoseconds expect_black_hole_found(Watch& watch, const LivenessSettings& settings);

}  // namespace sapulse::test
