// SPDX-License-Identifier: Apache-2.0
#include "exposition.h"

#include <fmt/format.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace sapulse::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

constexpr double kNanosecondsPerSecond = 1e9;

ClientMetric metric_of(MetricType type, double value, Labels labels = {}) {
  ClientMetric metric;
  metric.label = std::move(labels);
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return metric;
}

ClientMetric metric_of(const RttHistogram& rtts, Labels labels = {}) {
  constexpr std::size_t kClasses = RttHistogram::kBounds.size();
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.histogram.sample_count = rtts.up_to(kClasses);
  metric.histogram.sample_sum = static_cast<double>(rtts.sum_ns()) / kNanosecondsPerSecond;
  for (std::size_t i = 0; i < kClasses; ++i) {
    const double bound = static_cast<double>(RttHistogram::kBounds.at(i)) / kNanosecondsPerSecond;
    metric.histogram.bucket.push_back({rtts.up_to(i), bound});
  }
  metric.histogram.bucket.push_back({metric.histogram.sample_count, std::numeric_limits<double>::infinity()});
  return metric;
}

void write(std::ostream& out, MetricFamily family) {
  if (family.metric.empty()) return;
  prometheus::TextSerializer().Serialize(out, {std::move(family)});
}

using Snapshots = std::span<const SnapshotPointer>;

Labels labels_of(const Snapshot& snapshot) {
  return snapshot.card.empty() ? Labels() : Labels{{"card", snapshot.card}};
}

/// A family with a value for each card.
template <class Value>
void write_cards(std::ostream& out, std::string name, std::string help, MetricType type, Snapshots snapshots,
                 Value value) {
  MetricFamily family{std::move(name), std::move(help), type, {}};
  for (const SnapshotPointer& snapshot : snapshots) {
    family.metric.push_back(metric_of(type, static_cast<double>(value(*snapshot)), labels_of(*snapshot)));
  }
  write(out, std::move(family));
}

// ---- Totals

void write_info(std::ostream& out, Snapshots snapshots) {
  MetricFamily family{"sapulse_card_info", "The card", MetricType::Gauge, {}};
  for (const SnapshotPointer& snapshot : snapshots) {
    Labels labels = labels_of(*snapshot);
    labels.push_back({"device", snapshot->device});
    family.metric.push_back(metric_of(MetricType::Gauge, 1, std::move(labels)));
  }
  write(out, std::move(family));
}

void write_counters(std::ostream& out, Snapshots snapshots) {
  for (std::size_t i = 0; i < Counters::size(); ++i) {
    const std::string name(Counters::name(i));
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    write_cards(out, "sapulse_card_" + name + "_total", "Counter " + upper + " of the card, see docs/registers.md",
                MetricType::Counter, snapshots,
                [&](const Snapshot& snapshot) { return snapshot.counters[static_cast<Counter>(i)]; });
  }
}

void add_states(MetricFamily& family, const Snapshot& snapshot) {
  std::array<std::size_t, kLivenessCount> counts{};
  std::size_t unwatched = 0;
  for (const SaSample& sample : snapshot.sas) {
    ++(sample.liveness ? counts.at(static_cast<std::size_t>(sample.liveness->state)) : unwatched);
  }
  const auto add = [&](std::string_view state, std::size_t count) {
    Labels labels = labels_of(snapshot);
    labels.push_back({"state", std::string(state)});
    family.metric.push_back(metric_of(MetricType::Gauge, static_cast<double>(count), std::move(labels)));
  };
  for (std::size_t i = 0; i < kLivenessCount; ++i) add(name(static_cast<Liveness>(i)), counts.at(i));
  add("unwatched", unwatched);
}

void write_states(std::ostream& out, Snapshots snapshots) {
  MetricFamily family{"sapulse_sas", "SAs by state; unwatched: answered, but not asked", MetricType::Gauge, {}};
  for (const SnapshotPointer& snapshot : snapshots) add_states(family, *snapshot);
  write(out, std::move(family));
}

void write_rtts(std::ostream& out, Snapshots snapshots) {
  MetricFamily family{
      "sapulse_rtt_seconds", "Round-trip times of all SAs, one of each for each scrape", MetricType::Histogram, {}};
  for (const SnapshotPointer& snapshot : snapshots) {
    family.metric.push_back(metric_of(snapshot->rtts, labels_of(*snapshot)));
  }
  write(out, std::move(family));
}

// ---- Each SA

Labels labels_of(const Snapshot& snapshot, const SaSample& sample) {
  Labels labels = labels_of(snapshot);
  labels.push_back({"sa", sample.sa.name});
  labels.push_back({"spi", fmt::format("{:#010x}", sample.sa.spi_in)});
  return labels;
}

/// Adds what there is to say of each SA.
template <class Add>
void write_sas(std::ostream& out, MetricFamily family, Snapshots snapshots, Add add) {
  for (const SnapshotPointer& snapshot : snapshots) {
    for (const SaSample& sample : snapshot->sas) add(family, *snapshot, sample);
  }
  write(out, std::move(family));
}

/// A family with a value for each SA that has one.
struct SaFamily {
  const char* name;
  const char* help;
  MetricType type;
  std::optional<double> (*value)(const SaSample& sample);
};

std::optional<double> seconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / kNanosecondsPerSecond;
}

template <class Part, class Value>
std::optional<double> of(const std::optional<Part>& part, Value value) {
  if (!part) return std::nullopt;
  return static_cast<double>(std::invoke(value, *part));
}

double control_sequence_use(const SaStatistics& statistics) {
  return std::ldexp(static_cast<double>(std::max(statistics.next, statistics.window_top)), -64);
}

const std::array<SaFamily, 12> kSaFamilies{{
    {"sapulse_sa_up", "1 while the SA is up", MetricType::Gauge,
     [](const SaSample& s) { return of(s.liveness, [](const auto& live) { return live.state == Liveness::up; }); }},
    {"sapulse_sa_state_changes_total", "Changes of state", MetricType::Counter,
     [](const SaSample& s) { return of(s.liveness, &LivenessInfo::changes); }},
    {"sapulse_sa_hints_total", "Errors received that proved nothing", MetricType::Counter,
     [](const SaSample& s) { return of(s.liveness, &LivenessInfo::hints); }},
    {"sapulse_sa_unprobed", "1 while the card refuses to probe the SA", MetricType::Gauge,
     [](const SaSample& s) { return of(s.liveness, [](const auto& live) { return !live.fault.empty(); }); }},
    {"sapulse_sa_silence_seconds", "Time since the last sign of life", MetricType::Gauge,
     [](const SaSample& s) { return s.probe ? seconds(s.probe->heard) : std::nullopt; }},
    {"sapulse_sa_probes_total", "Probes sent since the prober was set up", MetricType::Counter,
     [](const SaSample& s) { return of(s.probe, &ProbeStatus::probes); }},
    {"sapulse_sa_replies_total", "Probes answered in time", MetricType::Counter,
     [](const SaSample& s) { return of(s.probe, &ProbeStatus::replies); }},
    {"sapulse_sa_accepted_total", "Nested packets accepted", MetricType::Counter,
     [](const SaSample& s) { return of(s.statistics, &SaStatistics::accepted); }},
    {"sapulse_sa_replayed_total", "Nested packets refused as replayed or too old", MetricType::Counter,
     [](const SaSample& s) { return of(s.statistics, &SaStatistics::replayed); }},
    {"sapulse_sa_rejected_total", "Nested packets refused for ICV, padding or body", MetricType::Counter,
     [](const SaSample& s) { return of(s.statistics, &SaStatistics::rejected); }},
    {"sapulse_sa_control_sequence_used_ratio", "Part of the 64-bit control sequence numbers that is used up",
     MetricType::Gauge, [](const SaSample& s) { return of(s.statistics, control_sequence_use); }},
    {"sapulse_sa_data_sequence_used_ratio",
     "Part of the 32-bit ESP sequence numbers that the peer has used up; begins anew with extended ones",
     MetricType::Gauge,
     [](const SaSample& s) -> std::optional<double> {
       if (!s.statistics || !s.statistics->data_sequence) return std::nullopt;
       return std::ldexp(static_cast<double>(*s.statistics->data_sequence), -32);
     }},
}};

void write_family(std::ostream& out, Snapshots snapshots, const SaFamily& wanted) {
  write_sas(out, {wanted.name, wanted.help, wanted.type, {}}, snapshots,
            [&](MetricFamily& family, const Snapshot& snapshot, const SaSample& sample) {
              if (const auto value = wanted.value(sample)) {
                family.metric.push_back(metric_of(wanted.type, *value, labels_of(snapshot, sample)));
              }
            });
}

void add_state(MetricFamily& family, const Snapshot& snapshot, const SaSample& sample) {
  if (!sample.liveness) return;
  Labels labels = labels_of(snapshot, sample);
  labels.push_back({"peer", sample.sa.peer.to_string()});
  labels.push_back({"state", std::string(name(sample.liveness->state))});
  labels.push_back({"reason", std::string(name(sample.liveness->reason))});
  family.metric.push_back(metric_of(MetricType::Gauge, 1, std::move(labels)));
}

void add_rtts(MetricFamily& family, const Snapshot& snapshot, const SaSample& sample) {
  if (sample.probe) family.metric.push_back(metric_of(sample.rtts, labels_of(snapshot, sample)));
}

}  // namespace

void write_metrics(std::ostream& out, std::span<const SnapshotPointer> snapshots, Families families) {
  write_info(out, snapshots);
  write_cards(out, "sapulse_snapshot_time_seconds", "When the card was asked for all of this, Unix time",
              MetricType::Gauge, snapshots, [](const Snapshot& snapshot) {
                return std::chrono::duration<double>(snapshot.taken_at.time_since_epoch()).count();
              });
  write_cards(out, "sapulse_sa_capacity", "SAs that the card holds at most", MetricType::Gauge, snapshots,
              [](const Snapshot& snapshot) { return snapshot.sa_capacity; });
  write_states(out, snapshots);
  write_rtts(out, snapshots);
  write_counters(out, snapshots);
  if (families == Families::totals) return;
  write_sas(out, {"sapulse_sa_state", "1 for the state that the SA is in, with its reason", MetricType::Gauge, {}},
            snapshots, add_state);
  for (const SaFamily& family : kSaFamilies) write_family(out, snapshots, family);
  write_sas(out, {"sapulse_sa_rtt_seconds", "Round-trip times, one for each scrape", MetricType::Histogram, {}},
            snapshots, add_rtts);
}

}  // namespace sapulse::metrics
