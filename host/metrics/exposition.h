// SPDX-License-Identifier: Apache-2.0
// Snapshots as Prometheus reads them.
#pragma once

#include <iosfwd>
#include <span>

#include "snapshot.h"

namespace sapulse::metrics {

/// Which families of metrics there are.
enum class Families : std::uint8_t {
  totals,  ///< of the card and of all SAs together
  all      ///< those of each SA, too
};

/// Writes snapshots of all cards of a service in the text format of Prometheus, version 0.0.4. Cards that have names
/// have them as label `card`.
void write_metrics(std::ostream& out, std::span<const SnapshotPointer> snapshots, Families families);

}  // namespace sapulse::metrics
