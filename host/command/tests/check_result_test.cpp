// SPDX-License-Identifier: Apache-2.0
// What monitoring systems are told.
#include "check_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sapulse::command::test {
namespace {

using namespace std::chrono_literals;
using service::Json;
using testing::HasSubstr;
using testing::StartsWith;

Json status_of(const std::string& state) {
  return {{"name", "peer0"},
          {"liveness", {{"state", state}, {"reason", "silence"}, {"fault", nullptr}, {"changes", 3}}},
          {"probe", {{"rtt_ns", 1'500'000}, {"heard_ns", 250'000'000}, {"probes", 100}, {"replies", 98}}}};
}

TEST(CheckResult, EachStateHasItsStatus) {
  EXPECT_EQ(check(status_of("up"), {}).status, CheckStatus::ok);
  for (const char* state : {"init", "suspect", "admin-down"}) {
    EXPECT_EQ(check(status_of(state), {}).status, CheckStatus::warning) << state;
  }
  for (const char* state : {"down", "lost"}) {
    EXPECT_EQ(check(status_of(state), {}).status, CheckStatus::critical) << state;
  }
}

TEST(CheckResult, TheLineHasPerformanceData) {
  EXPECT_EQ(to_line(check(status_of("up"), {.rtt_warning = 10ms, .rtt_critical = 1s})),
            "SAPULSE OK - peer0 is up (silence), heard 0.250 s ago, round trip 1.500 ms | "
            "rtt=0.001500s;0.010000;1.000000;0 heard=0.250s;;;0 probes=100c replies=98c changes=3c");
}

TEST(CheckResult, ALongRoundTripCounts) {
  EXPECT_EQ(check(status_of("up"), {.rtt_warning = 1ms, .rtt_critical = 2ms}).status, CheckStatus::warning);
  EXPECT_EQ(check(status_of("up"), {.rtt_warning = 1ms, .rtt_critical = 1ms}).status, CheckStatus::critical);
  EXPECT_EQ(check(status_of("down"), {.rtt_warning = 1ms}).status, CheckStatus::critical);
  Json never = status_of("init");
  never["probe"]["rtt_ns"] = nullptr;
  EXPECT_THAT(to_line(check(never, {.rtt_warning = 1ms})), HasSubstr(" | heard="));
}

TEST(CheckResult, WhatIsNotProbedIsNotOk) {
  Json faulty = status_of("up");
  faulty["liveness"]["fault"] = "no path";
  EXPECT_EQ(check(faulty, {}).status, CheckStatus::warning);
  EXPECT_THAT(check(faulty, {}).text, HasSubstr("not probed: no path"));
  Json unwatched = status_of("up");
  unwatched["liveness"] = nullptr;
  unwatched["probe"] = nullptr;
  EXPECT_EQ(to_line(check(unwatched, {})), "SAPULSE UNKNOWN - peer0 is not watched");
}

TEST(CheckResult, NamesBreakNoLine) {
  Json status = status_of("up");
  status["name"] = "a|b\nc";
  EXPECT_THAT(to_line(check(status, {})), StartsWith("SAPULSE OK - a?b?c is up"));
}

}  // namespace
}  // namespace sapulse::command::test
