// SPDX-License-Identifier: Apache-2.0
// Runs a scenario for a test.
#pragma once

#include <string>
#include <vector>

#include "lab.h"

namespace sapulse::lab {

/// What a scenario has come to.
struct Outcome {
  LabReport report;
  std::vector<TimelineEntry> timeline;

  /// Changes of a node's SAs to a state.
  [[nodiscard]] std::vector<TimelineEntry> changes(const std::string& node, Liveness to) const;
};

/// Runs a scenario, given as the text of its file, to the end. Fails the test if it is refused or a card fails, or does
/// not account for every frame.
Outcome run(const std::string& text, sim::ModelKind model = sim::ModelKind::rtl);

}  // namespace sapulse::lab
