// SPDX-License-Identifier: Apache-2.0
// How a lab's timeline is shown: as text for people, as JSON for programs.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lab.h"

namespace sapulse::command {

/// Prints a timeline as it comes. Changes of the same kind that follow each other are shown together, with the times of
/// the first, the median and the last.
class TimelinePrinter {
 public:
  /// `each_sa`: lists the time of every single change, too.
  TimelinePrinter(std::FILE* out, bool each_sa) : out_(out), each_sa_(each_sa) {}

  void add(const lab::TimelineEntry& entry);
  /// Prints what is still held back.
  void finish();

 private:
  /// Changes of a node's SAs to the same state for the same reason since the last event.
  struct Group {
    std::string node;
    Liveness to{};
    LivenessReason reason{};
    std::chrono::nanoseconds last{};
    std::vector<std::pair<std::chrono::nanoseconds, std::string>> changes;  // time since the event, name of the SA
  };

  void print_line(std::chrono::nanoseconds time, const std::string& node, const std::string& text);
  void print(const Group& group);

  std::FILE* out_;
  bool each_sa_;
  std::vector<Group> groups_;
};

/// "12.345 ms".
std::string milliseconds(std::chrono::nanoseconds time);

nlohmann::ordered_json to_json(const lab::TimelineEntry& entry);
nlohmann::ordered_json to_json(const lab::LabReport& report, const lab::Scenario& scenario);

/// The end of a run as text: states, attackers' and errors' figures, speed.
void print_summary(std::FILE* out, const lab::LabReport& report, const lab::Scenario& scenario);

}  // namespace sapulse::command
