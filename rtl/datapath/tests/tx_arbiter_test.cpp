// SPDX-License-Identifier: Apache-2.0
#include <Vtx_arbiter_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Counter;

enum Source : unsigned { kCore = 0, kReply = 1, kHost = 2, kSources = 3 };

/// A source of random frames; the data of a beat tells source, frame and beat.
struct Frames {
  unsigned source = 0, chance = 0, number = 0, beat = 0, beats = 1;
  bool gap_free = false, valid = false;

  [[nodiscard]] std::uint32_t data() const { return source << 28 | number << 8 | beat; }
  [[nodiscard]] bool last() const { return beat + 1 == beats; }

  void offer(RandomSource& random) {
    // An offered beat stays; a frame without gaps offers every next beat at once.
    if (!valid) valid = (gap_free && beat > 0) || random.chance(chance);
  }
  void taken(RandomSource& random) {
    valid = false;
    ++beat;
    if (beat < beats) return;
    ++number;
    beat = 0;
    beats = static_cast<unsigned>(1 + random.below(5));
  }
};

class ArbiterRun {
 public:
  ArbiterRun(std::array<unsigned, kSources> chances, unsigned ready_chance) : ready_chance_(ready_chance) {
    for (unsigned s = 0; s < kSources; ++s) {
      sources_[s].source = s;
      sources_[s].chance = chances[s];
      sources_[s].gap_free = s != kCore;
    }
  }

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  [[nodiscard]] unsigned sent(unsigned source) const { return sources_[source].number; }

 private:
  void step() {
    for (auto& source : sources_) source.offer(random_);
    drive();
    arbiter_.settle();
    accept();
    check_line();
    arbiter_.tick();
  }

  void drive() {
    auto set = [](const Frames& f, auto& valid, auto& data, auto& last) {
      valid = f.valid;
      data = f.data();
      last = f.last();
    };
    set(sources_[kCore], arbiter_->core_valid, arbiter_->core_data, arbiter_->core_last);
    set(sources_[kReply], arbiter_->reply_valid, arbiter_->reply_data, arbiter_->reply_last);
    set(sources_[kHost], arbiter_->host_valid, arbiter_->host_data, arbiter_->host_last);
    arbiter_->line_ready = random_.chance(ready_chance_);
    arbiter_->answer_valid = !answers_.empty();
    const Answer answer = answers_.empty() ? Answer{} : answers_.front();
    arbiter_->answer_counter = answer.counter;
    arbiter_->answer_entered = answer.entered;
    arbiter_->answer_epoch = answer.epoch;
  }

  void accept() {
    const std::array<bool, kSources> ready = {arbiter_->core_ready != 0, arbiter_->reply_ready != 0,
                                              arbiter_->host_ready != 0};
    int taken = 0;
    for (unsigned s = 0; s < kSources; ++s) {
      if (!sources_[s].valid || !ready[s]) continue;
      ++taken;
      check_choice(s);
      if (s == kReply && sources_[s].beat == 0) answers_.push_back(random_answer());
      expected_.push_back({s, sources_[s].data(), sources_[s].last()});
      current_ = sources_[s].last() ? -1 : static_cast<int>(s);
      sources_[s].taken(random_);
    }
    ASSERT_LE(taken, 1);
  }

  void check_choice(unsigned source) const {
    if (current_ >= 0) {
      ASSERT_EQ(source, static_cast<unsigned>(current_)) << "frames are mixed";
      return;
    }
    for (unsigned better = 0; better < source; ++better) {
      ASSERT_FALSE(sources_[better].valid && sources_[better].beat == 0) << better << " comes before " << source;
    }
  }

  void check_line() {
    if (inside_gap_free_) ASSERT_TRUE(arbiter_->line_valid) << "gap in a frame";
    const bool moves = arbiter_->line_valid && arbiter_->line_ready;
    const bool left = moves && arbiter_->line_last;
    if (moves) {
      ASSERT_FALSE(expected_.empty());
      const Beat beat = expected_.front();
      ASSERT_EQ(arbiter_->line_data, beat.data);
      ASSERT_EQ(arbiter_->line_last, beat.last);
      ASSERT_EQ(arbiter_->line_user, beat.last && beat.source == kCore) << "only customer frames carry their mark";
      inside_gap_free_ = !beat.last && beat.source != kCore;
      expected_.pop_front();
      check_end(left ? static_cast<int>(beat.source) : -1);
    } else {
      check_end(-1);
    }
  }

  struct Answer {
    unsigned counter;
    bool entered, epoch;
  };
  Answer random_answer() {
    return {static_cast<unsigned>(random_.below(regs::kCounterCount)), random_.chance(50), random_.chance(50)};
  }

  void check_end(int source) {
    ASSERT_EQ(arbiter_->counter_valid, source == kReply || source == kHost);
    ASSERT_EQ(arbiter_->answer_ready, source == kReply);
    if (source == kHost) ASSERT_EQ(arbiter_->counter, static_cast<unsigned>(Counter::kFramesFromHost));
    bool leaves = false;
    if (source == kReply) {
      const Answer answer = answers_.front();
      answers_.pop_front();
      leaves = answer.entered;
      ASSERT_EQ(arbiter_->counter, answer.counter);
      if (leaves) ASSERT_EQ(arbiter_->leave_epoch, answer.epoch);
    }
    ASSERT_EQ(arbiter_->leave_valid, leaves);
  }

  struct Beat {
    unsigned source;
    std::uint32_t data;
    bool last;
  };
  unsigned ready_chance_;
  RandomSource random_;
  Clocked<Vtx_arbiter_bench> arbiter_;
  std::array<Frames, kSources> sources_;
  std::deque<Beat> expected_;  // accepted, not yet on the line
  std::deque<Answer> answers_;
  int current_ = -1;  // source of the frame that is being accepted
  bool inside_gap_free_ = false;
};

TEST(TxArbiter, SendsWholeFramesInOrderOfPriority) {
  ArbiterRun run({40, 40, 40}, 70);
  run.run(30000);
  for (unsigned source = 0; source < kSources; ++source) EXPECT_GT(run.sent(source), 200U) << source;
}

TEST(TxArbiter, LeavesTheLineToCustomersWhenTheyFillIt) {
  ArbiterRun run({100, 100, 100}, 80);
  run.run(10000);
  EXPECT_EQ(run.sent(kReply), 0U);
  EXPECT_EQ(run.sent(kHost), 0U);
}

TEST(TxArbiter, SendsAnswersWithoutGapsAtFullRate) {
  ArbiterRun run({0, 100, 100}, 100);
  run.run(10000);
  EXPECT_GT(run.sent(kReply), 3000U);  // three beats each on average
}

}  // namespace
}  // namespace sapulse::test
