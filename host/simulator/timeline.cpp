// SPDX-License-Identifier: Apache-2.0
#include "timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "json_values.h"

namespace sapulse::command {
namespace {

using nlohmann::ordered_json;
using std::chrono::nanoseconds;

constexpr std::size_t kCellsPerRow = 4;

constexpr std::array kVerdictNames =
    std::to_array<std::string_view>({"sent", "not_applicable", "about_message", "address", "too_long", "installed",
                                     "limited", "malformed", "disabled", "no_path", "unwanted", "cut"});
static_assert(kVerdictNames.size() == kErrorVerdictCount);

std::uint64_t count_of(const lab::VerdictCounts& verdicts, ErrorVerdict verdict) {
  return verdicts.at(static_cast<std::size_t>(verdict));
}

ordered_json to_json(const sim::WireCount& count) {
  return {{"offered", count.offered},
          {"lost", count.lost},
          {"cut", count.cut},
          {"filtered", count.filtered},
          {"duplicated", count.duplicated},
          {"injected", count.injected},
          {"delivered", count.delivered}};
}

ordered_json to_json(const lab::NodeReport& node) {
  ordered_json json{{"name", node.name}, {"states", ordered_json::object()}};
  for (const auto& [state, sas] : node.states) json["states"][std::string(name(state))] = sas;
  json["monitor"] = {{"changes", node.monitor.changes},
                     {"errors", node.monitor.errors},
                     {"hints", node.monitor.hints},
                     {"bursts", node.monitor.bursts},
                     {"wrong_tokens", node.monitor.wrong_tokens},
                     {"malformed", node.monitor.malformed},
                     {"strangers", node.monitor.strangers},
                     {"stale", node.monitor.stale}};
  for (std::size_t i = 0; i < kVerdictNames.size(); ++i) {
    json["exceptions"][std::string(kVerdictNames[i])] = node.verdicts[i];
  }
  json["counters"] = sapulse::to_json(node.counters);
  return json;
}

}  // namespace

std::string milliseconds(nanoseconds time) { return fmt::format("{:.3f} ms", static_cast<double>(time.count()) / 1e6); }

void TimelinePrinter::add(const lab::TimelineEntry& entry) {
  if (!entry.change) {
    finish();
    print_line(entry.time, entry.node, entry.text);
    return;
  }
  auto group = std::ranges::find_if(groups_, [&](const Group& one) {
    return one.node == entry.node && one.to == entry.change->to && one.reason == entry.change->reason;
  });
  if (group == groups_.end()) {
    groups_.push_back({entry.node, entry.change->to, entry.change->reason, {}, {}});
    group = std::prev(groups_.end());
  }
  group->last = entry.time;
  group->changes.emplace_back(entry.since_event, entry.change->name);
}

void TimelinePrinter::finish() {
  std::ranges::sort(groups_, {}, &Group::last);
  for (const Group& group : groups_) print(group);
  groups_.clear();
  std::fflush(out_);
}

void TimelinePrinter::print_line(nanoseconds time, const std::string& node, const std::string& text) {
  fmt::print(out_, "{:>14}  {:<8}  {}\n", milliseconds(time), node, text);
}

void TimelinePrinter::print(const Group& group) {
  auto changes = group.changes;
  const std::size_t middle = changes.size() / 2;
  std::set<std::string_view> sas;
  for (const auto& [time, sa] : group.changes) sas.insert(sa);
  const std::string times_each = sas.size() == changes.size() ? "" : fmt::format(", {} times in all", changes.size());
  const std::string what = fmt::format("{} SA{} {}{} ({})", sas.size(), sas.size() == 1 ? "" : "s", name(group.to),
                                       times_each, name(group.reason));
  const auto by_time = std::minmax_element(changes.begin(), changes.end());
  const std::string first = milliseconds(by_time.first->first);
  const std::string last = milliseconds(by_time.second->first);
  std::nth_element(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(middle), changes.end());
  const std::string times = changes.size() == 1 ? fmt::format("{} after the event: {}", first, changes.front().second)
                                                : fmt::format("{} / {} / {} after the event (first, median, last)",
                                                              first, milliseconds(changes[middle].first), last);
  print_line(group.last, group.node, fmt::format("{:<36} {}", what, times));
  if (!each_sa_ || changes.size() == 1) return;
  for (std::size_t i = 0; i < group.changes.size(); ++i) {
    const auto& [time, sa] = group.changes[i];
    const bool end_of_row = (i + 1) % kCellsPerRow == 0 || i + 1 == group.changes.size();
    fmt::print(out_, "{}{:>16} {:>12}{}", i % kCellsPerRow == 0 ? std::string(26, ' ') : "", sa, milliseconds(time),
               end_of_row ? "\n" : "");
  }
}

ordered_json to_json(const lab::TimelineEntry& entry) {
  ordered_json json{
      {"time_ns", entry.time.count()}, {"node", entry.node}, {"since_event_ns", entry.since_event.count()}};
  if (entry.change) {
    json["change"] = sapulse::to_json(*entry.change);
    json["change"].erase("time_ns");  // of the card's clock
  } else {
    json["event"] = entry.text;
  }
  return json;
}

ordered_json to_json(const lab::LabReport& report, const lab::Scenario& scenario) {
  ordered_json json{{"ns_per_cycle", scenario.ns_per_cycle},
                    {"cycles", report.cycles},
                    {"simulated_khz", static_cast<double>(report.cycles) / report.seconds / 1e3},
                    {"changes", report.changes},
                    {"unmet_expectations", report.unmet}};
  for (const lab::NodeReport& node : report.nodes) json["nodes"].push_back(to_json(node));
  for (const lab::WireReport& wire : report.wires) {
    ordered_json entry = to_json(wire.count);
    entry["from"] = wire.from;
    entry["to"] = wire.to;
    json["wires"].push_back(std::move(entry));
  }
  return json;
}

void print_summary(std::FILE* out, const lab::LabReport& report, const lab::Scenario& scenario) {
  fmt::print(out, "\n{:<10} {:<34} {:>8} {:>8} {:>13} {:>12}\n", "node", "SAs", "changes", "hints", "wrong tokens",
             "errors sent");
  for (const lab::NodeReport& node : report.nodes) {
    std::string states;
    for (const auto& [state, sas] : node.states)
      states += fmt::format("{}{} {}", states.empty() ? "" : ", ", sas, name(state));
    fmt::print(out, "{:<10} {:<34} {:>8} {:>8} {:>13} {:>12}\n", node.name, states.empty() ? "none" : states,
               node.monitor.changes, node.monitor.hints, node.monitor.wrong_tokens,
               count_of(node.verdicts, ErrorVerdict::sent));
  }
  fmt::print(
      out,
      "\nTimes are protocol time: the cards' clocks moved {} ns a cycle. {} cycles of each of {} cards, {:.0f} kHz.\n",
      scenario.ns_per_cycle, report.cycles, report.nodes.size(),
      static_cast<double>(report.cycles) / report.seconds / 1e3);
}

}  // namespace sapulse::command
