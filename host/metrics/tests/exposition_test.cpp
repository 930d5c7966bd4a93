// SPDX-License-Identifier: Apache-2.0
// Snapshots as text for Prometheus.
#include "exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace sapulse::metrics::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

SaSample sample_of(const std::string& name, std::uint32_t spi, Liveness state) {
  SaSample sample{.sa = {.name = name, .local = IpAddress::v4(1), .peer = IpAddress::v4(0xc6336401), .spi_in = spi}};
  sample.liveness = LivenessInfo{.spi_in = spi, .state = state, .reason = LivenessReason::silence, .changes = 4};
  sample.probe = ProbeStatus{.rtt = 3ms, .heard = 1500ms, .probes = 10, .replies = 7};
  sample.statistics =
      SaStatistics{.window_top = 1, .next = std::uint64_t{1} << 62U, .accepted = 5, .data_sequence = 1U << 31U};
  sample.rtts.add(3ms);
  sample.rtts.add(2s);
  return sample;
}

std::string text_of(const std::vector<SnapshotPointer>& snapshots, Families families) {
  std::ostringstream out;
  write_metrics(out, snapshots, families);
  return out.str();
}
std::string text_of(const Snapshot& snapshot, Families families) {
  return text_of(std::vector{std::make_shared<const Snapshot>(snapshot)}, families);
}

TEST(Exposition, EachSaHasItsValues) {
  Snapshot snapshot;
  snapshot.sas = {sample_of("gw", 0x1000, Liveness::down)};
  const std::string text = text_of(snapshot, Families::all);
  const std::string labels = "{sa=\"gw\",spi=\"0x00001000\"} ";
  for (const char* line :
       {"sapulse_sa_up{} 0", "sapulse_sa_state_changes_total{} 4", "sapulse_sa_silence_seconds{} 1.5",
        "sapulse_sa_probes_total{} 10", "sapulse_sa_replies_total{} 7", "sapulse_sa_accepted_total{} 5",
        "sapulse_sa_control_sequence_used_ratio{} 0.25", "sapulse_sa_data_sequence_used_ratio{} 0.5"}) {
    std::string expected = line;
    expected.replace(expected.find("{} "), 3, labels);
    EXPECT_THAT(text, HasSubstr(expected + "\n"));
  }
  EXPECT_THAT(text, HasSubstr("sapulse_sa_state{sa=\"gw\",spi=\"0x00001000\",peer=\"198.51.100.1\",state=\"down\","
                              "reason=\"silence\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_sa_rtt_seconds_count{sa=\"gw\",spi=\"0x00001000\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_sa_rtt_seconds_sum{sa=\"gw\",spi=\"0x00001000\"} 2.003"));
  EXPECT_THAT(text, HasSubstr("sapulse_sa_rtt_seconds_bucket{sa=\"gw\",spi=\"0x00001000\",le=\"0.001\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_sa_rtt_seconds_bucket{sa=\"gw\",spi=\"0x00001000\",le=\"0.5\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_sa_rtt_seconds_bucket{sa=\"gw\",spi=\"0x00001000\",le=\"+Inf\"} 2\n"));
}

TEST(Exposition, OfSeveralCardsEachValueSaysWhichOne) {
  std::vector<SnapshotPointer> snapshots;
  for (const char* card : {"east", "west"}) {
    Snapshot snapshot;
    snapshot.card = card;
    snapshot.device = "fake";
    snapshot.sas = {sample_of("gw", 0x1000, Liveness::up)};
    snapshots.push_back(std::make_shared<const Snapshot>(snapshot));
  }
  const std::string text = text_of(snapshots, Families::all);
  for (const std::string card : {"east", "west"}) {
    EXPECT_THAT(text, HasSubstr("sapulse_card_info{card=\"" + card + "\",device=\"fake\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("sapulse_sas{card=\"" + card + "\",state=\"up\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("sapulse_sa_up{card=\"" + card + "\",sa=\"gw\",spi=\"0x00001000\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("sapulse_card_line_rx_frames_total{card=\"" + card + "\"} 0\n"));
  }
  std::istringstream lines(text);
  std::set<std::string> types;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE")) EXPECT_TRUE(types.insert(line).second) << "a family stands together: " << line;
  }
}

TEST(Exposition, NamesAreEscaped) {
  Snapshot snapshot;
  snapshot.sas = {sample_of("a\"b\\c\nd{}", 0x1000, Liveness::up)};
  EXPECT_THAT(text_of(snapshot, Families::all), HasSubstr(R"(sapulse_sa_up{sa="a\"b\\c\nd{}",spi="0x00001000"} 1)"));
}

TEST(Exposition, WhatIsNotKnownIsLeftOut) {
  Snapshot snapshot;
  snapshot.sas = {sample_of("gw", 0x1000, Liveness::up)};
  snapshot.sas[0].liveness.reset();
  snapshot.sas[0].probe.reset();
  snapshot.sas[0].statistics.reset();
  const std::string text = text_of(snapshot, Families::all);
  EXPECT_THAT(text, Not(HasSubstr("sapulse_sa_up")));
  EXPECT_THAT(text, HasSubstr("sapulse_sas{state=\"unwatched\"} 1\n"));
}

TEST(Exposition, TotalsAreThereWithoutTheSas) {
  Snapshot snapshot;
  snapshot.device = "net:eth0";
  snapshot.sa_capacity = 64;
  snapshot.taken_at = std::chrono::system_clock::time_point(1500ms);
  snapshot.counters[Counter::line_rx_frames] = 77;
  snapshot.rtts.add(30us);
  for (std::uint32_t i = 0; i < 3; ++i) snapshot.sas.push_back(sample_of("gw", 0x1000 + i, Liveness::suspect));
  const std::string text = text_of(snapshot, Families::totals);
  EXPECT_THAT(text, HasSubstr("sapulse_card_info{device=\"net:eth0\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_sa_capacity 64\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_snapshot_time_seconds 1.5\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_sas{state=\"suspect\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_sas{state=\"up\"} 0\n"));
  EXPECT_THAT(text,
              HasSubstr("# TYPE sapulse_card_line_rx_frames_total counter\nsapulse_card_line_rx_frames_total 77\n"));
  EXPECT_THAT(text, HasSubstr("sapulse_rtt_seconds_count 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("0x00001000")));
  for (std::size_t i = 0; i < Counters::size(); ++i) {
    EXPECT_THAT(text, HasSubstr("sapulse_card_" + std::string(Counters::name(i)) + "_total "));
  }
}

}  // namespace
}  // namespace sapulse::metrics::test
