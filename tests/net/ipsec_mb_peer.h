// SPDX-License-Identifier: Apache-2.0
// The fastest software there is for the cryptography of pings: Intel's library, which uses all that the processor has.
#pragma once

#include <cstddef>

#include "traffic/config.h"

namespace sapulse::test {

/// Opens so many pings with telemetry, of all SAs in turn, and seals a reply of the same length for each; nothing else
/// of what a responder does. Throws std::runtime_error (this processor is not served; a packet that does not open).
void answer_with_ipsec_mb(const traffic::Config& config, std::size_t pings);

}  // namespace sapulse::test
