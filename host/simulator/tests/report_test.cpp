// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <gmock/gmock.h>

namespace sapulse::command {
namespace {

TEST(Report, SteadyStateIsTheMiddleHalf) {
  std::vector<std::uint64_t> cycles;
  cycles.reserve(100);
  for (std::uint64_t i = 0; i < 100; ++i) cycles.push_back(1000 + 4 * i);
  cycles.front() = 0;
  cycles.back() = 100'000;
  EXPECT_DOUBLE_EQ(steady_cycles_per_reply(cycles).value(), 4.0);
  EXPECT_FALSE(steady_cycles_per_reply(std::span(cycles).first(7)));
}

TEST(Report, PercentilesAreNearestRank) {
  SimFigures figures;
  for (std::uint64_t i = 1; i <= 200; ++i) figures.latencies.push_back(i);
  const auto latency = make_report({}, figures, {})["latency_cycles"];
  EXPECT_EQ(latency["samples"], 200);
  EXPECT_EQ(latency["min"], 1);
  EXPECT_EQ(latency["median"], 100);
  EXPECT_EQ(latency["p99"], 198);
  EXPECT_EQ(latency["max"], 200);
  figures.latencies = {1, 2, 3};  // the rank of neither is whole: ceil(1.5), ceil(2.97)
  const auto few = make_report({}, figures, {})["latency_cycles"];
  EXPECT_EQ(few["median"], 2);
  EXPECT_EQ(few["p99"], 3);
}

TEST(Report, EmptyRunHasNulls) {
  const auto report = make_report({}, {}, {});
  EXPECT_TRUE(report["latency_cycles"]["median"].is_null());
  EXPECT_TRUE(report["cycles_per_ping"].is_null());
  EXPECT_EQ(report["counters"].size(), Counters::size());
  EXPECT_EQ(report["counters"]["line_rx_frames"], 0);
  for (const char* port : {"line_rx", "line_tx", "core_rx", "core_tx"}) {
    EXPECT_EQ(report["ports"][port]["frames"], 0) << port;
    EXPECT_EQ(report["ports"][port]["bytes"], 0) << port;
  }
}

}  // namespace
}  // namespace sapulse::command
