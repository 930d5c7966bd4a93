// SPDX-License-Identifier: Apache-2.0
// replay_window alone against WindowModel: every operation is modelled at its handshake, every answer compared.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

#include "Vreplay_window_bench.h"
#include "random_source.h"
#include "verilated.h"
#include "window_model.h"

namespace sapulse::test {
namespace {

constexpr unsigned kSas = 16;     // SA_CAPACITY of the Verilated module
constexpr unsigned kLatency = 4;  // handshake to answer, cycles, without a wait for the verdict
constexpr unsigned kReading = 2;  // of them before the verdict
constexpr std::uint64_t kMax = ~std::uint64_t{0};

struct Verdict {
  unsigned sa;
  std::uint64_t n;
  bool ok;
};

struct Command {
  unsigned sa;
  bool clear;
  bool active;
  std::uint64_t top = 0;
};

class ReplayWindow : public ::testing::Test {
 protected:
  void SetUp() override {
    dut_ = std::make_unique<Vreplay_window_bench>();
    dut_->rst = 1;
    dut_->sweep_valid = 1;
    for (unsigned sa = 0; sa < kSas; ++sa) {
      dut_->sweep_sa = sa;
      tick();
    }
    dut_->sweep_valid = 0;
    tick();
    dut_->rst = 0;
    for (unsigned sa = 0; sa < kSas; ++sa) command({sa, true, true});
  }

  void TearDown() override {
    drain();
    EXPECT_TRUE(answers_.empty());
    EXPECT_TRUE(reads_.empty());
    dut_->final();
  }

  /// One cycle; compares what comes out of it, models what goes in.
  void tick() {
    dut_->clk = 0;
    dut_->eval();
    if (!dut_->rst) {
      judge();
      check_answers();
      model_operations();
    }
    dut_->clk = 1;
    dut_->eval();
    ++cycle_;
  }

  bool verdict_taken() const { return dut_->verdict_valid && dut_->verdict_ready; }

  void offer(const Verdict& verdict) {
    dut_->verdict_valid = 1;
    dut_->verdict_sa = verdict.sa;
    dut_->verdict_n = verdict.n;
    dut_->verdict_ok = verdict.ok;
  }

  void verdict(const Verdict& verdict) {
    offer(verdict);
    do {
      tick();
    } while (!taken_);
    dut_->verdict_valid = 0;
  }

  void command(const Command& command) {
    offer(command);
    do {
      tick();
    } while (!command_taken_);
    dut_->command_valid = 0;
  }

  void offer(const Command& command) {
    dut_->command_valid = 1;
    dut_->command_sa = command.sa;
    dut_->command_clear = command.clear;
    dut_->command_active = command.active;
    dut_->command_top = command.top;
  }

  void drain() {
    dut_->verdict_valid = 0;
    dut_->command_valid = 0;
    dut_->late = 0;
    for (unsigned i = 0; i < 2 * kLatency; ++i) tick();
  }

  /// Whether the card accepts it.
  bool ask(const Verdict& v) {
    verdict(v);
    drain();
    return last_accept_;
  }

  const WindowModel& model(unsigned sa) const { return models_[sa]; }

  std::unique_ptr<Vreplay_window_bench> dut_;
  std::uint64_t cycle_ = 0;
  std::uint64_t answered_ = 0;
  bool taken_ = false;
  bool command_taken_ = false;

 private:
  struct Answer {
    std::uint64_t asked;  // cycle
    std::uint64_t cycle;  // of the answer; 0: waits for its verdict
    bool accept;
    Verdict verdict;
  };
  struct Read {
    std::uint64_t cycle;
    WindowModel state;
  };

  /// The verdict that is taken now, if there is one.
  void judge() {
    const auto first = std::ranges::find(answers_, 0U, &Answer::cycle);
    if (first != answers_.end() && cycle_ >= first->asked + kReading && !dut_->late) {
      first->cycle = cycle_ + kLatency - kReading;
    }
  }

  void model_operations() {
    taken_ = verdict_taken();
    command_taken_ = dut_->command_valid && dut_->command_ready;
    ASSERT_FALSE(taken_ && command_taken_);
    if (taken_) {
      const Verdict v{dut_->verdict_sa, dut_->verdict_n, dut_->verdict_ok != 0};
      answers_.push_back({cycle_, 0, models_[v.sa].verdict(v.n, v.ok), v});
    }
    if (command_taken_) {
      WindowModel& model = models_[dut_->command_sa];
      if (dut_->command_clear) {
        model.clear(dut_->command_active, dut_->command_top);
      } else {
        reads_.push_back({cycle_ + kLatency, model});
      }
    }
  }

  void check_answers() {
    const bool expected = !answers_.empty() && answers_.front().cycle == cycle_;
    ASSERT_EQ(bool(dut_->accept_valid), expected) << "cycle " << cycle_;
    if (expected) {
      const Answer& answer = answers_.front();
      ASSERT_EQ(bool(dut_->accept), answer.accept) << "SA " << answer.verdict.sa << " n " << answer.verdict.n << " ok "
                                                   << answer.verdict.ok << " cycle " << cycle_;
      last_accept_ = dut_->accept;
      answers_.pop_front();
      ++answered_;
    }
    const bool read_expected = !reads_.empty() && reads_.front().cycle == cycle_;
    ASSERT_EQ(bool(dut_->read_valid), read_expected);
    if (read_expected) {
      const WindowModel& state = reads_.front().state;
      ASSERT_EQ(dut_->read_top, state.top);
      ASSERT_EQ(dut_->read_accepted, state.accepted);
      ASSERT_EQ(dut_->read_replayed, state.replayed);
      ASSERT_EQ(dut_->read_rejected, state.rejected);
      reads_.pop_front();
    }
  }

  WindowModel models_[kSas];
  std::deque<Answer> answers_;
  std::deque<Read> reads_;
  bool last_accept_ = false;
};

/// A number that is interesting for a window whose top is `top`.
std::uint64_t interesting(RandomSource& random, std::uint64_t top) {
  switch (random.below(10)) {
    case 0:
      return top + random.below(128);
    case 1:
      return top - random.below(128);
    case 2:
      return top + 126 + random.below(4);
    case 3:
      return top - 126 - random.below(4);
    case 4:
      return top + 128 * random.below(4);
    case 5:
      return top - 128 * random.below(4);
    case 6:
      return random.chance(20) ? top + (random.word() >> random.below(64)) : top + 1;
    case 7:
      return top - (random.word() >> random.below(64));
    case 8:
      return random.below(200);
    default:
      return top + 1 + random.below(3);
  }
}

TEST_F(ReplayWindow, EdgesOfTheWindow) {
  EXPECT_FALSE(ask({0, 0, true}));
  EXPECT_TRUE(ask({0, 1000, true}));
  EXPECT_FALSE(ask({0, 1000, true}));
  EXPECT_FALSE(ask({0, 1000 - 128, true}));
  EXPECT_TRUE(ask({0, 1000 - 127, true}));
  EXPECT_FALSE(ask({0, 1000 - 127, true}));
  EXPECT_TRUE(ask({0, 1001, true}));
  EXPECT_FALSE(ask({0, 1001 - 128, true}));  // was inside, has left
  EXPECT_TRUE(ask({0, 1001 + 127, true}));
  EXPECT_FALSE(ask({0, 1001, true}));  // still inside, still seen
  EXPECT_TRUE(ask({0, 1002, true}));
  EXPECT_TRUE(ask({0, 1128 + 128, true}));  // everything seen has left
  EXPECT_TRUE(ask({0, 1129, true}));
  EXPECT_FALSE(ask({0, 1128, true}));
  EXPECT_FALSE(ask({0, 0, true}));
}

TEST_F(ReplayWindow, AForgedPacketChangesNothing) {
  EXPECT_TRUE(ask({3, 50, true}));
  EXPECT_FALSE(ask({3, kMax, false}));
  EXPECT_FALSE(ask({3, 51, false}));
  EXPECT_TRUE(ask({3, 51, true}));
  EXPECT_TRUE(ask({3, 49, true}));
  EXPECT_EQ(model(3).rejected, 2u);
  command({3, false, false});
}

TEST_F(ReplayWindow, EndOfTheNumbers) {
  EXPECT_TRUE(ask({1, kMax - 130, true}));
  EXPECT_TRUE(ask({1, kMax - 1, true}));
  EXPECT_TRUE(ask({1, kMax, true}));
  EXPECT_FALSE(ask({1, kMax, true}));
  EXPECT_FALSE(ask({1, 0, true}));
  EXPECT_FALSE(ask({1, 1, true}));  // no wrap: 1 is old
  EXPECT_TRUE(ask({1, kMax - 127, true}));
  EXPECT_FALSE(ask({1, kMax - 128, true}));
}

TEST_F(ReplayWindow, SmallNumbersDoNotWrapBelowZero) {
  EXPECT_TRUE(ask({2, 5, true}));
  EXPECT_FALSE(ask({2, 0, true}));
  EXPECT_TRUE(ask({2, 1, true}));
  EXPECT_TRUE(ask({2, kMax - 3, true}));  // far ahead, not just behind
  EXPECT_FALSE(ask({2, 6, true}));
}

TEST_F(ReplayWindow, AnInactiveSaAcceptsNothingAndCountsNothing) {
  command({4, true, false});
  EXPECT_FALSE(ask({4, 1, true}));
  EXPECT_FALSE(ask({4, 2, false}));
  command({4, false, false});
  drain();
  command({4, true, true});
  EXPECT_TRUE(ask({4, 1, true}));
}

TEST_F(ReplayWindow, AttackWithPacketsOfAnEarlierLifeFails) {
  constexpr std::uint64_t kTop = 1'000'000;
  command({5, true, true, kTop});
  for (const std::uint64_t old : {std::uint64_t{1}, kTop - 1000, kTop - 128, kTop - 127, kTop - 64, kTop - 1, kTop}) {
    EXPECT_FALSE(ask({5, old, true})) << old;
  }
  EXPECT_EQ(model(5).replayed, 7u);
  command({5, false, false});
  EXPECT_TRUE(ask({5, kTop + 100, true}));
  EXPECT_TRUE(ask({5, kTop + 1, true}));
  EXPECT_FALSE(ask({5, kTop, true})) << "still inside the window";
  EXPECT_FALSE(ask({5, kTop - 27, true})) << "still inside the window";
}

TEST_F(ReplayWindow, AWindowMayStartAtTheEndOfTheNumbers) {
  command({6, true, true, kMax - 1});
  EXPECT_FALSE(ask({6, kMax - 1, true}));
  EXPECT_TRUE(ask({6, kMax, true}));
  command({6, true, true, kMax});
  for (const std::uint64_t n : {kMax, kMax - 1, std::uint64_t{0}, std::uint64_t{1}}) EXPECT_FALSE(ask({6, n, true}));
}

TEST_F(ReplayWindow, OneVerdictEveryTwoCyclesOnOneSa) {
  RandomSource random;
  constexpr unsigned kVerdicts = 2000;
  drain();
  const std::uint64_t begin = cycle_;
  unsigned taken = 0;
  std::uint64_t n = 1;
  offer(Verdict{7, n, true});
  while (taken < kVerdicts) {
    tick();
    if (!taken_) continue;
    ++taken;
    n = random.chance(30) ? n : random.chance(30) ? n - random.below(n < 150 ? n : 150) : n + 1 + random.below(3);
    offer(Verdict{7, n, true});
  }
  EXPECT_LE(cycle_ - begin, 2 * kVerdicts);
}

class RandomReplayWindow : public ReplayWindow, public ::testing::WithParamInterface<unsigned> {};

// The parameter: percent of cycles in which no verdict comes.
TEST_P(RandomReplayWindow, Operations) {
  RandomSource random;
  for (unsigned i = 0; i < 200'000 && !HasFatalFailure(); ++i) {
    dut_->late = random.chance(GetParam());
    if (!dut_->verdict_valid || taken_) {
      dut_->verdict_valid = 0;
      // Mostly a few SAs, so that operations meet in the pipeline; phases without gaps and with gaps.
      if (random.chance(((i >> 12) % 2) != 0 ? 95 : 40)) {
        const unsigned sa = random.chance(80) ? random.below(2) : random.below(kSas);
        offer(Verdict{sa, interesting(random, model(sa).top), !random.chance(10)});
      }
    }
    if (!dut_->command_valid || command_taken_) {
      dut_->command_valid = 0;
      if (random.chance(5)) {
        const unsigned sa = random.below(random.chance(80) ? 2 : kSas);
        offer(Command{sa, random.chance(4), !random.chance(20),
                      random.chance(50) ? 0 : random.word() >> random.below(64)});
      }
    }
    tick();
  }
  EXPECT_GT(answered_, 30'000u);
}

INSTANTIATE_TEST_SUITE_P(Lateness, RandomReplayWindow, ::testing::Values(0U, 60U));

}  // namespace
}  // namespace sapulse::test
