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

void write_one(std::ostream& out, std::string name, std::string help, MetricType type, double value) {
  write(out, {std::move(name), std::move(help), type, {metric_of(type, value)}});
}

// ---- Totals

void write_counters(std::ostream& out, const Counters& counters) {
  for (std::size_t i = 0; i < Counters::size(); ++i) {
    const std::string name(Counters::name(i));
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    write_one(out, "sapulse_card_" + name + "_total", "Counter " + upper + " of the card, see docs/registers.md",
              MetricType::Counter, static_cast<double>(counters[static_cast<Counter>(i)]));
  }
}

void write_states(std::ostream& out, const std::vector<SaSample>& sas) {
  std::array<std::size_t, kLivenessCount> counts{};
  std::size_t unwatched = 0;
  for (const SaSample& sample : sas) {
    ++(sample.liveness ? counts.at(static_cast<std::size_t>(sample.liveness->state)) : unwatched);
  }
  MetricFamily family{"sapulse_sas", "SAs by state; unwatched: answered, but not asked", MetricType::Gauge, {}};
  const auto add = [&](std::string_view state, std::size_t count) {
    family.metric.push_back(metric_of(MetricType::Gauge, static_cast<double>(count), {{"state", std::string(state)}}));
  };
  for (std::size_t i = 0; i < kLivenessCount; ++i) add(name(static_cast<Liveness>(i)), counts.at(i));
  add("unwatched", unwatched);
  write(out, std::move(family));
}

// ---- Each SA

Labels labels_of(const SaSample& sample) {
  return {{"sa", sample.sa.name}, {"spi", fmt::format("{:#010x}", sample.sa.spi_in)}};
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

void write_family(std::ostream& out, const std::vector<SaSample>& sas, const SaFamily& wanted) {
  MetricFamily family{wanted.name, wanted.help, wanted.type, {}};
  for (const SaSample& sample : sas) {
    if (const auto value = wanted.value(sample)) {
      family.metric.push_back(metric_of(wanted.type, *value, labels_of(sample)));
    }
  }
  write(out, std::move(family));
}

void write_sa_states(std::ostream& out, const std::vector<SaSample>& sas) {
  MetricFamily family{"sapulse_sa_state", "1 for the state that the SA is in, with its reason", MetricType::Gauge, {}};
  for (const SaSample& sample : sas) {
    if (!sample.liveness) continue;
    Labels labels = labels_of(sample);
    labels.push_back({"peer", sample.sa.peer.to_string()});
    labels.push_back({"state", std::string(name(sample.liveness->state))});
    labels.push_back({"reason", std::string(name(sample.liveness->reason))});
    family.metric.push_back(metric_of(MetricType::Gauge, 1, std::move(labels)));
  }
  write(out, std::move(family));
}

void write_sa_rtts(std::ostream& out, const std::vector<SaSample>& sas) {
  MetricFamily family{"sapulse_sa_rtt_seconds", "Round-trip times, one for each scrape", MetricType::Histogram, {}};
  for (const SaSample& sample : sas) {
    if (sample.probe) family.metric.push_back(metric_of(sample.rtts, labels_of(sample)));
  }
  write(out, std::move(family));
}

}  // namespace

void write_metrics(std::ostream& out, const Snapshot& snapshot, Families families) {
  write(out, {"sapulse_card_info",
              "The card",
              MetricType::Gauge,
              {metric_of(MetricType::Gauge, 1, {{"device", snapshot.device}})}});
  write_one(out, "sapulse_snapshot_time_seconds", "When the card was asked for all of this, Unix time",
            MetricType::Gauge, std::chrono::duration<double>(snapshot.taken_at.time_since_epoch()).count());
  write_one(out, "sapulse_sa_capacity", "SAs that the card holds at most", MetricType::Gauge,
            static_cast<double>(snapshot.sa_capacity));
  write_states(out, snapshot.sas);
  write(out, {"sapulse_rtt_seconds",
              "Round-trip times of all SAs, one of each for each scrape",
              MetricType::Histogram,
              {metric_of(snapshot.rtts)}});
  write_counters(out, snapshot.counters);
  if (families == Families::totals) return;
  write_sa_states(out, snapshot.sas);
  for (const SaFamily& family : kSaFamilies) write_family(out, snapshot.sas, family);
  write_sa_rtts(out, snapshot.sas);
}

}  // namespace sapulse::metrics
