// SPDX-License-Identifier: Apache-2.0
#include "outcome.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sapulse::lab {

std::vector<TimelineEntry> Outcome::changes(const std::string& node, Liveness to) const {
  std::vector<TimelineEntry> found;
  for (const TimelineEntry& entry : timeline) {
    if (entry.change && entry.node == node && entry.change->to == to) found.push_back(entry);
  }
  return found;
}

Outcome run(const std::string& text, sim::ModelKind model) {
  Outcome outcome;
  const auto scenario = parse_scenario(text, "scenario");
  EXPECT_TRUE(scenario) << scenario.error().message;
  if (!scenario) return outcome;
  auto lab = Lab::create(*scenario, model, [&](const TimelineEntry& entry) { outcome.timeline.push_back(entry); });
  EXPECT_TRUE(lab) << lab.error().message;
  if (!lab) return outcome;
  auto report = (*lab)->run();
  EXPECT_TRUE(report) << report.error().message;
  if (report) outcome.report = *report;
  EXPECT_TRUE(std::ranges::is_sorted(outcome.timeline, {}, &TimelineEntry::time));
  for (const NodeReport& node : outcome.report.nodes) EXPECT_EQ(node.counters.unaccounted(), 0U) << node.name;
  return outcome;
}

}  // namespace sapulse::lab
