// SPDX-License-Identifier: Apache-2.0
// What the prober does, seen from outside: replies, states, events, commands. One cycle is one tick.
#include <gtest/gtest.h>

#include "prober_bench.h"

namespace sapulse::test {
namespace {

using enum ProbeState;

ProbeConfig probed(std::int64_t interval, std::int64_t suspect, std::int64_t detect) {
  ProbeConfig config;
  config.enable = true;
  config.length = 64;
  config.interval = interval;
  config.suspect = suspect;
  config.detect = detect;
  return config;
}

class Prober : public ::testing::Test {
 protected:
  /// Runs until the next probe of an SA has been taken.
  ProbeRequest next_request(unsigned sa, std::int64_t patience = 100000) {
    const std::size_t before = bench_.requests.size();
    for (std::size_t seen = before; patience > 0; --patience) {
      bench_.cycle();
      for (; seen < bench_.requests.size(); ++seen) {
        if (bench_.requests[seen].sa == sa) return bench_.requests[seen];
      }
    }
    ADD_FAILURE() << "no probe on SA " << sa;
    return {};
  }

  void expect_change(const ProbeEvent& event, ProbeState previous, ProbeState state) {
    EXPECT_EQ(event.previous, previous);
    EXPECT_EQ(event.report.state, state);
  }

  /// The FIFO of events is full with those of other SAs, and nobody takes any.
  void fill_events() {
    bench_.dut->event_ready = 0;
    for (unsigned sa = 0; sa < 15; ++sa) bench_.write(sa, probed(100000, 0, 1000000));
    bench_.run(3 * ProberBench::sweep());
  }

  ProberBench bench_;
};

TEST_F(Prober, DoesNothingUntilTold) {
  bench_.run(5 * ProberBench::sweep());
  EXPECT_TRUE(bench_.requests.empty());
  EXPECT_TRUE(bench_.events.empty());
  EXPECT_EQ(bench_.read(7).state, idle);
}

TEST_F(Prober, AsksWithLengthAndConsecutiveNumbers) {
  ProbeConfig config = probed(200, 0, 10000);
  config.length = 9000;
  bench_.write(3, config);
  for (std::uint32_t number = 0; number < 20; ++number) {
    const ProbeRequest request = next_request(3);
    EXPECT_EQ(request.number, number);
    EXPECT_EQ(request.length, 9000U);
  }
}

TEST_F(Prober, TellsInitThenUpThenDownThenUpAgain) {
  bench_.write(3, probed(200, 0, 1000));
  const ProbeRequest first = next_request(3);
  EXPECT_EQ(bench_.reply(3, first.number, 777), ProbeVerdict::matched);
  bench_.run(ProberBench::sweep());
  auto events = bench_.events_of(3);
  ASSERT_EQ(events.size(), 2U);
  expect_change(events[0], idle, init);
  expect_change(events[1], init, up);
  EXPECT_EQ(events[1].report.rtt, 777U);
  EXPECT_EQ(events[1].report.replies, 1U);
  EXPECT_EQ(events[1].report.probes, 1U);

  bench_.run(2000);
  events = bench_.events_of(3);
  ASSERT_EQ(events.size(), 1U);
  expect_change(events[0], up, down);

  const ProbeRequest later = next_request(3);  // DOWN goes on asking
  EXPECT_EQ(bench_.reply(3, later.number), ProbeVerdict::matched);
  bench_.run(ProberBench::sweep());
  events = bench_.events_of(3);
  ASSERT_EQ(events.size(), 1U);
  expect_change(events[0], down, up);
}

TEST_F(Prober, InitWithoutAnswerEndsDown) {
  bench_.write(3, probed(200, 400, 1000));
  bench_.run(1000 + 2 * ProberBench::sweep());
  const auto events = bench_.events_of(3);
  ASSERT_EQ(events.size(), 2U);
  expect_change(events[1], init, down);
}

TEST_F(Prober, KeepsThirtyTwoProbesOutstanding) {
  bench_.write(3, probed(100, 0, 1000000));
  for (int asked = 0; asked < 39; ++asked) next_request(3);
  const std::uint32_t last = next_request(3).number;
  ASSERT_EQ(last, 39U);
  EXPECT_EQ(bench_.reply(3, last - 32), ProbeVerdict::late);
  EXPECT_EQ(bench_.reply(3, last - 31), ProbeVerdict::matched);
  EXPECT_EQ(bench_.reply(3, last), ProbeVerdict::matched);
  EXPECT_EQ(bench_.reply(3, last), ProbeVerdict::unasked) << "answered before";
  EXPECT_EQ(bench_.reply(3, last + 7), ProbeVerdict::unasked) << "never asked";
  EXPECT_EQ(bench_.reply(4, last), ProbeVerdict::unasked) << "of another SA";
  const ProbeReport report = bench_.read(3);
  EXPECT_EQ(report.replies, 2U);
  EXPECT_EQ(report.probes, 40U);
}

TEST_F(Prober, StartsAfreshButNeverRepeatsANumber) {
  bench_.write(3, probed(100, 0, 1000000));
  for (int asked = 0; asked < 5; ++asked) next_request(3);
  EXPECT_EQ(bench_.reply(3, 4), ProbeVerdict::matched);
  bench_.write(3, {});
  EXPECT_EQ(bench_.reply(3, 3), ProbeVerdict::late);
  bench_.requests.clear();
  bench_.write(3, probed(100, 0, 1000000));
  EXPECT_EQ(bench_.reply(3, 2), ProbeVerdict::late);
  const ProbeReport report = bench_.read(3);
  EXPECT_EQ(report.state, init);
  EXPECT_EQ(report.probes, 0U);
  EXPECT_EQ(report.replies, 0U);
  EXPECT_EQ(report.rtt, 0U);
  if (bench_.requests.empty()) next_request(3);
  EXPECT_EQ(bench_.requests.front().number, 5U);
}

TEST_F(Prober, EndingIsToldOnceAndOnlyIfSomethingWasTold) {
  bench_.write(3, probed(100, 0, 1000000));
  bench_.run(2 * ProberBench::sweep());
  bench_.events_of(3);
  bench_.write(3, {});
  bench_.run(5 * ProberBench::sweep());
  const auto events = bench_.events_of(3);
  ASSERT_EQ(events.size(), 1U);
  expect_change(events[0], init, idle);
  EXPECT_EQ(bench_.read(3).state, idle);
  bench_.write(3, {});
  bench_.run(5 * ProberBench::sweep());
  EXPECT_TRUE(bench_.events_of(3).empty());

  const std::size_t asked = bench_.requests.size();
  bench_.run(1000);
  EXPECT_EQ(bench_.requests.size(), asked);
}

TEST_F(Prober, ChangesThatAreUndoneBeforeTheyCanBeToldAreNotTold) {
  fill_events();
  bench_.write(15, probed(100, 200, 100000));
  EXPECT_EQ(bench_.reply(15, next_request(15).number), ProbeVerdict::matched);
  bench_.run(400);
  ASSERT_EQ(bench_.read(15).state, suspect);
  EXPECT_EQ(bench_.reply(15, next_request(15).number), ProbeVerdict::matched);
  ASSERT_EQ(bench_.read(15).state, up);

  bench_.dut->event_ready = 1;
  bench_.answer(15, 5);
  bench_.run(4 * ProberBench::sweep());
  const auto events = bench_.events_of(15);
  ASSERT_EQ(events.size(), 1U);
  expect_change(events[0], idle, up);
  for (unsigned sa = 0; sa < 15; ++sa) EXPECT_EQ(bench_.events_of(sa).size(), 1U) << "SA " << sa;
}

TEST_F(Prober, AProbingThatCameAndWentUntoldLeavesNoEvent) {
  fill_events();
  bench_.write(15, probed(100, 0, 100000));
  bench_.run(200);
  bench_.write(15, {});
  bench_.dut->event_ready = 1;
  bench_.run(4 * ProberBench::sweep());
  EXPECT_TRUE(bench_.events_of(15).empty());
}

TEST_F(Prober, CustomerPacketsAreSignsOfLifeWhereConfigured) {
  ProbeConfig config = probed(300, 1000, 2000);
  bench_.write(3, config);
  config.data_alive = true;
  bench_.write(4, config);
  bench_.write(5, config);
  for (int packets = 0; packets < 5; ++packets) {
    bench_.data(5);
    bench_.run(100);
  }
  EXPECT_EQ(bench_.read(5).state, init) << "data does not end INIT";
  for (unsigned sa : {3U, 4U, 5U}) EXPECT_EQ(bench_.reply(sa, next_request(sa).number), ProbeVerdict::matched);
  bench_.run(ProberBench::sweep());
  bench_.events.clear();

  for (int packets = 0; packets < 50; ++packets) {
    bench_.data(3);
    bench_.data(4);
    bench_.run(98);
  }
  EXPECT_TRUE(bench_.events_of(4).empty());
  EXPECT_EQ(bench_.read(4).state, up);
  EXPECT_LT(bench_.read(4).heard, 100 + 2 * ProberBench::sweep());
  EXPECT_EQ(bench_.read(3).state, down);
  EXPECT_EQ(bench_.read(5).state, down);
  bench_.data(5);
  bench_.run(2 * ProberBench::sweep());
  EXPECT_EQ(bench_.read(5).state, down) << "data does not end DOWN";

  bench_.run(1000 + ProberBench::sweep());
  ASSERT_EQ(bench_.read(4).state, suspect);
  bench_.data(4);
  bench_.run(2 * ProberBench::sweep());
  EXPECT_EQ(bench_.read(4).state, up) << "data ends SUSPECT";
  EXPECT_EQ(bench_.events_of(4).size(), 2U);
}

TEST_F(Prober, ABurstIsFastAndThenOver) {
  bench_.write(3, probed(8000, 0, 1000000));
  next_request(3);
  bench_.run(500);
  const std::int64_t begun = bench_.now();
  bench_.requests.clear();
  bench_.burst(3, 4);
  bench_.run(20000);
  ASSERT_EQ(bench_.requests.size(), 6U);
  EXPECT_LE(bench_.requests[0].time - begun, 2 * ProberBench::sweep());
  for (int asked = 1; asked < 6; ++asked) {
    const std::int64_t gap = bench_.requests[asked].time - bench_.requests[asked - 1].time;
    EXPECT_GE(gap, asked < 4 ? 1000 : 8000);
    EXPECT_LE(gap, (asked < 4 ? 1000 : 8000) + ProberBench::sweep());
  }
}

TEST_F(Prober, ABurstNeedsAProbedSa) {
  bench_.burst(3, 4);
  bench_.run(1000);
  EXPECT_TRUE(bench_.requests.empty());
}

TEST_F(Prober, RoundTripTimesSaturate) {
  bench_.write(3, probed(100, 0, 0x7fffffff));
  bench_.reply(3, next_request(3).number, 0xfffffffe);
  EXPECT_EQ(bench_.read(3).rtt, 0xfffffffeU);
  bench_.reply(3, next_request(3).number, 0x123456789a);
  EXPECT_EQ(bench_.read(3).rtt, 0xffffffffU);
}

TEST_F(Prober, ASignOfLifeCountsFromWhenItsProbeLeft) {
  bench_.write(3, probed(100, 800, 3000));
  next_request(3);
  const ProbeRequest asked = next_request(3);
  bench_.run(500);
  EXPECT_EQ(bench_.reply(3, asked.number, 500 * kTick), ProbeVerdict::matched);
  EXPECT_NEAR(bench_.read(3).heard, 500, 30);
  EXPECT_EQ(bench_.reply(3, asked.number - 1, 600 * kTick), ProbeVerdict::matched);
  EXPECT_NEAR(bench_.read(3).heard, 500, 60) << "an older sign of life than the last one";
  bench_.events.clear();
  bench_.run(300 + ProberBench::sweep());
  const auto events = bench_.events_of(3);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back().report.state, suspect) << "800 after the probe left, not after its reply came";
}

TEST_F(Prober, AttackWithRepliesThatWereHeldBackKeepsNobodyAlive) {
  bench_.write(3, probed(100, 0, 1000));
  std::vector<std::pair<std::uint32_t, std::int64_t>> held_back;
  for (int asked = 0; asked < 20; ++asked) {
    const ProbeRequest request = next_request(3);
    if (asked == 0) {
      EXPECT_EQ(bench_.reply(3, request.number), ProbeVerdict::matched);
    } else {
      held_back.emplace_back(request.number, request.time);
    }
  }
  // The peer died with its last reply. The attacker lets the others go one by one.
  for (const auto& [number, left] : held_back) {
    const std::int64_t age = bench_.now() - left;
    const ProbeVerdict verdict = bench_.reply(3, number, static_cast<std::uint64_t>(age) * kTick);
    EXPECT_EQ(verdict, age > 1000 ? ProbeVerdict::late : ProbeVerdict::matched) << age;
    bench_.run(110);
  }
  EXPECT_GE(bench_.read(3).heard, 1000U);
  EXPECT_EQ(bench_.read(3).state, down);
}

TEST_F(Prober, AttackWithRepliesOfAnEarlierLifeProvesNothing) {
  bench_.write(3, probed(100, 0, 1000));
  // Number and SA are those of a probe that is outstanding; the time is that of another life.
  const std::uint32_t number = next_request(3).number;
  EXPECT_EQ(bench_.reply(3, number, 1001 * kTick), ProbeVerdict::late);
  EXPECT_EQ(bench_.reply(3, number, std::uint64_t{1} << 62), ProbeVerdict::late);
  EXPECT_EQ(bench_.reply(3, number, ~std::uint64_t{0}), ProbeVerdict::unasked) << "of a clock that was ahead";
  EXPECT_EQ(bench_.read(3).state, init);
  EXPECT_EQ(bench_.read(3).replies, 0U);
  EXPECT_EQ(bench_.reply(3, number), ProbeVerdict::matched) << "the honest reply still counts";
}

TEST_F(Prober, WithoutRoomForProbesItStillDetects) {
  bench_.dut->request_ready = 0;
  for (unsigned sa = 0; sa < 16; ++sa) bench_.write(sa, probed(200, 0, 3000));
  bench_.run(1000);
  for (unsigned sa = 0; sa < 16; ++sa) EXPECT_EQ(bench_.events_of(sa).size(), 1U);
  bench_.run(3000);
  for (unsigned sa = 0; sa < 16; ++sa) EXPECT_EQ(bench_.events_of(sa).size(), 1U) << "down";
  // Nobody catches up on what was due meanwhile.
  bench_.dut->request_ready = 1;
  bench_.run(150);
  EXPECT_GE(bench_.requests.size(), 16U);
  EXPECT_LE(bench_.requests.size(), 32U);
}

}  // namespace
}  // namespace sapulse::test
