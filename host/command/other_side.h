// SPDX-License-Identifier: Apache-2.0
// A card that is joined to a second one, which has the other ends of all SAs and answers for all peers.
#pragma once

#include "sapulse/config.h"
#include "sapulse/endpoint.h"

namespace sapulse::command {

/// MAC addresses of the two cards; `own`: of the configuration, if it has one.
struct JoinedMacs {
  MacAddress own;
  MacAddress peer;

  static JoinedMacs of(const Config& config);
};

/// Leads the paths of all SAs to the card on the other side.
void lead_paths(Config& config, const JoinedMacs& macs);

/// What the other side is programmed with: all SAs as the peers have them. Errors: invalid_argument (the SAs have more
/// peer addresses than one card can answer for).
[[nodiscard]] Result<Config> other_side_of(const Config& config);

}  // namespace sapulse::command
