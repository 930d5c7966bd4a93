// SPDX-License-Identifier: Apache-2.0
// Snapshots as Prometheus reads them.
#pragma once

#include <iosfwd>

#include "snapshot.h"

namespace sapulse::metrics {

/// Which families of metrics there are.
enum class Families : std::uint8_t {
  totals,  ///< of the card and of all SAs together
  all      ///< those of each SA, too
};

/// Writes a snapshot in the text format of Prometheus, version 0.0.4.
void write_metrics(std::ostream& out, const Snapshot& snapshot, Families families);

}  // namespace sapulse::metrics
