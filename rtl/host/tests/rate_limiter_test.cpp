// SPDX-License-Identifier: Apache-2.0
// Token buckets against an ideal one.
#include <gtest/gtest.h>

#include <algorithm>

#include "host_bench.h"

namespace sapulse::test {
namespace {

// Cycles of one sweep: by as much a token may come late.
constexpr std::uint64_t kSweepNs = regs::kCauseCount;

// At 1 ns per cycle, so that cycles are ns.
class RateLimiter : public ::testing::Test {
 protected:
  RateLimiter() { bench_.set64(regs::offset::kTimeIncrement, 1ull << 32); }

  void configure(regs::Cause cause, std::uint32_t interval, std::uint32_t burst) {
    bench_.set(regs::offset::rate_limit_interval(cause), interval);
    bench_.set(regs::offset::rate_limit_burst(cause), burst);
    bench_.steps(2 * kSweepNs);
  }

  /// One cycle that asks for a token of `cause`.
  bool ask(regs::Cause cause) {
    bench_.card().limit_valid = 1;
    bench_.card().limit_cause = static_cast<std::uint8_t>(cause);
    bench_.card().eval();
    const bool pass = bench_.card().limit_pass;
    bench_.step();
    bench_.card().limit_valid = 0;
    return pass;
  }

  HostBench bench_;
};

TEST_F(RateLimiter, NoLimitAfterReset) {
  for (unsigned i = 0; i < 200; ++i) EXPECT_TRUE(ask(static_cast<regs::Cause>(i % regs::kCauseCount)));
}

TEST_F(RateLimiter, BurstThenOneTokenPerInterval) {
  configure(regs::Cause::reply, 100, 5);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(ask(regs::Cause::reply)) << i;
  EXPECT_FALSE(ask(regs::Cause::reply));
  EXPECT_TRUE(ask(regs::Cause::private_use)) << "another bucket";
  unsigned passed = 0;
  for (int i = 0; i < 10000; ++i) passed += ask(regs::Cause::reply);
  EXPECT_NEAR(passed, 100, 1);
}

TEST_F(RateLimiter, AskingWithoutTakingTakesNothing) {
  configure(regs::Cause::reply, 1000000, 1);
  bench_.card().limit_cause = static_cast<std::uint8_t>(regs::Cause::reply);
  bench_.steps(100);
  EXPECT_TRUE(ask(regs::Cause::reply));
  EXPECT_FALSE(ask(regs::Cause::reply));
}

TEST_F(RateLimiter, BurstOfZeroLetsNothingPass) {
  configure(regs::Cause::host_action, 50, 0);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(ask(regs::Cause::host_action));
}

TEST_F(RateLimiter, SettingTheClockMakesNoTokens) {
  configure(regs::Cause::reply, 10000, 2);
  EXPECT_TRUE(ask(regs::Cause::reply));
  EXPECT_TRUE(ask(regs::Cause::reply));
  bench_.set64(regs::offset::kTime, std::uint64_t{1} << 40);
  bench_.steps(500);
  EXPECT_FALSE(ask(regs::Cause::reply));
  bench_.set64(regs::offset::kTime, 0);
  bench_.steps(11000);
  EXPECT_TRUE(ask(regs::Cause::reply));
}

// Tokens of 1 ns come at one in a sweep, so that what is due falls far behind; nothing of that is left after the next
// setting, even if a token has been taken before the sweep has seen it.
TEST_F(RateLimiter, ANewSettingOwesNothingForTheOldOne) {
  configure(regs::Cause::reply, 1, 3);
  for (int i = 0; i < 5000; ++i) ask(regs::Cause::reply);
  bench_.set(regs::offset::rate_limit_interval(regs::Cause::reply), 500);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(ask(regs::Cause::reply)) << i;
  unsigned passed = 0;
  for (int i = 0; i < 5000; ++i) passed += ask(regs::Cause::reply);
  EXPECT_NEAR(passed, 10, 1);
}

/// An ideal bucket whose tokens come at `due` or up to `slack` later.
struct IdealBucket {
  IdealBucket(std::uint64_t interval_ns, std::uint64_t burst_tokens, std::uint64_t slack_ns)
      : interval(interval_ns), burst(burst_tokens), slack(slack_ns), tokens(burst_tokens) {}

  std::uint64_t interval;
  std::uint64_t burst;
  std::uint64_t slack;
  std::uint64_t tokens;
  std::uint64_t due = 0;
  std::uint64_t not_before =
      0;  ///< due of the token after the next one, if the bucket may have been full at the last take

  void advance(std::uint64_t now) {
    while (tokens < burst && due + slack <= now) {
      ++tokens;
      move_on();
    }
    if (tokens == burst) due = now + interval;
  }

  /// The card gave a token away at `now`. A bucket that was full by then counts its interval from there.
  void take(std::uint64_t now) {
    if (tokens + 1 == burst && due <= now) not_before = now + interval;
    if (tokens > 0) {
      --tokens;
    } else {
      move_on();  // it was the token that might have come
    }
  }

 private:
  void move_on() {
    due = std::max(due + interval, not_before);
    not_before = 0;
  }
};

// Follows every single answer of the card. Where the sweep leaves open whether the token has come, either answer will
// do.
TEST_F(RateLimiter, FollowsAnIdealBucketUnderRandomLoad) {
  struct Setting {
    regs::Cause cause;
    std::uint32_t interval;
    std::uint32_t burst;
  };
  for (const Setting s : {Setting{regs::Cause::unknown_spi, 100, 3},
                          {regs::Cause::error_clear, 333, 10},
                          {regs::Cause::private_use, 700, 1}}) {
    configure(s.cause, s.interval, s.burst);
    std::uint64_t passed = 0;
    std::uint64_t must = 0;  // tokens that have come for certain and been asked for
    IdealBucket late(s.interval, s.burst, 3 * kSweepNs);
    const std::uint64_t begin = bench_.cycle;
    for (int i = 0; i < 2000; ++i) {
      // Busy for a while, then quiet for a while.
      bench_.steps(static_cast<unsigned>(bench_.random.between(0, i / 200 % 2 == 0 ? 20 : 2 * s.interval)));
      late.advance(bench_.cycle);
      const bool certain = late.tokens > 0;
      const bool pass = ask(s.cause);
      if (certain) {
        ASSERT_TRUE(pass) << "request " << i << " interval " << s.interval;
        ++must;
      }
      if (pass) late.take(bench_.cycle);
      passed += pass;
      ASSERT_LE(passed, s.burst + (bench_.cycle - begin) / s.interval + 1);
    }
    EXPECT_GT(must, 0u);
    EXPECT_LT(passed, 2000u);
  }
}

}  // namespace
}  // namespace sapulse::test
