// SPDX-License-Identifier: Apache-2.0
// Runs a scenario: simulated cards with their hosts, joined by links, and what happens to them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "attacker.h"
#include "node.h"
#include "sa_set.h"
#include "sapulse/counters.h"
#include "sapulse/frame_tap.h"
#include "sapulse/liveness.h"
#include "sapulse/sim/network.h"
#include "scenario.h"

namespace sapulse::lab {

/// One line of the timeline.
struct TimelineEntry {
  std::chrono::nanoseconds time{};         ///< protocol time since all nodes were ready
  std::string node;                        ///< whose; empty: of the lab itself
  std::string text;                        ///< what happened; empty for a change
  std::optional<LivenessChange> change;    ///< of an SA of the node
  std::chrono::nanoseconds since_event{};  ///< time since the last event of the scenario
};

/// A node at the end.
struct NodeReport {
  std::string name;
  std::map<Liveness, std::size_t> states;  ///< SAs by state
  MonitorCounts monitor;
  VerdictCounts verdicts{};  ///< exceptions by what became of them
  Counters counters;         ///< of the card, since its last start
};

struct WireReport {
  std::string from;
  std::string to;
  sim::WireCount count;
};

struct LabReport {
  std::uint64_t cycles = 0;  ///< of each card
  double seconds = 0;        ///< of the computer's time
  std::vector<NodeReport> nodes;
  std::vector<WireReport> wires;
  std::uint64_t changes = 0;  ///< of state, of all SAs
  std::uint64_t unmet = 0;    ///< expectations that were not met
};

/// A lab. Deterministic: the same scenario gives the same timeline. Not thread-safe.
class Lab {
 public:
  /// Told in the order of time, as soon as that is known.
  using Observer = std::function<void(const TimelineEntry&)>;
  /// Told from time to time: protocol time reached.
  using Progress = std::function<void(std::chrono::nanoseconds)>;
  /// Sees what passes the cards, in the order of protocol time, which it gets.
  using Tap = std::function<void(NodeIndex node, const PassingFrame& frame)>;

  /// Builds cards and hosts and lets them come up. Errors: those of sim::Card and Endpoint::open.
  static Result<std::unique_ptr<Lab>> create(const Scenario& scenario, sim::ModelKind model, Observer observer,
                                             Progress progress = {}, Tap tap = {});
  ~Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  /// Runs to the end. Errors: dma_fault, device_error, timeout of a card, with the name of its node.
  Result<LabReport> run();

 private:
  struct Attack;

  Lab(const Scenario& scenario, Observer observer, Progress progress, Tap tap);
  Result<void> build(sim::ModelKind model);
  Result<void> start_all();
  Result<void> advance_to(std::chrono::nanoseconds time);
  void attack(std::uint64_t end_cycle);
  Result<void> run_events();
  Result<LabReport> report(double seconds);

  Result<void> act(const Crash& crash);
  Result<void> act(const Rekey& rekey);
  Result<void> act(const BlackHole& hole);
  Result<void> act(const SetLink& set);
  Result<void> act(const Forge& forge);
  Result<void> act(const Admin& admin);
  Result<void> act(const SetMode& set);
  Result<void> act(const Expect& expect);

  void note(const std::string& node, std::string text);
  void note_starts();
  void add(TimelineEntry entry);
  /// Tells the observer of what is certain to come before all that hosts have still to hear of.
  void tell_timeline();
  void tell_until(std::chrono::nanoseconds time);
  void changed(NodeIndex node, const LivenessChange& change);
  Result<void> set_conditions(const LinkSpec& link, const LinkConditions& conditions);
  void watch_wires(std::size_t link);
  void tell_tap(const sim::Network::Passage& passage);
  [[nodiscard]] std::uint64_t cycles(std::chrono::nanoseconds time) const;
  [[nodiscard]] std::chrono::nanoseconds now() const { return time_of(network_.cycle()); }
  [[nodiscard]] std::chrono::nanoseconds time_of(std::uint64_t cycle) const;
  /// From the last event at or before it; hosts hear of changes later than they happen, maybe after another event.
  [[nodiscard]] std::chrono::nanoseconds since_event(std::chrono::nanoseconds time) const;
  [[nodiscard]] const std::string& name(NodeIndex node) const { return scenario_.nodes[node].name; }

  Scenario scenario_;
  Observer observer_;
  Progress progress_;
  Tap tap_;
  std::mt19937_64 random_;
  sim::Network network_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::unique_ptr<Attack>> attacks_;
  std::vector<std::vector<bool>> holes_;                              // by link and SA: its packets vanish
  bool ready_ = false;                                                // all nodes run
  std::uint64_t start_cycle_ = 0;                                     // all nodes were ready
  std::vector<std::chrono::nanoseconds> event_times_{{}};             // ascending; the start is one
  std::multimap<std::chrono::nanoseconds, TimelineEntry> held_back_;  // of the timeline
  std::uint64_t changes_ = 0;
  std::uint64_t unmet_ = 0;
};

}  // namespace sapulse::lab
