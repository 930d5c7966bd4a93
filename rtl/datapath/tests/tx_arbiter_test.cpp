// SPDX-License-Identifier: Apache-2.0
#include <Vtx_arbiter_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Counter;

enum Source : unsigned { core = 0, reply = 1, host = 2, sources = 3 };

/// A source of random frames; the data of a beat tells source, frame and beat.
struct Frames {
  unsigned source = 0, chance = 0, number = 0, beat = 0, beats = 1;
  unsigned last_bytes = 64;  // of the last beat
  unsigned longest = 5;      // frame, beats
  unsigned waited = 0;       // bytes of customers that have gone ahead of this frame
  bool gap_free = false, valid = false;

  [[nodiscard]] std::uint32_t data() const { return source << 28 | number << 8 | beat; }
  [[nodiscard]] bool last() const { return beat + 1 == beats; }
  [[nodiscard]] unsigned bytes() const { return last() ? last_bytes : 64; }
  /// There is a frame that has not begun to leave.
  [[nodiscard]] bool waits() const { return valid && beat == 0; }

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
    waited = 0;
    beats = static_cast<unsigned>(1 + random.below(longest));
    last_bytes = static_cast<unsigned>(1 + random.below(64));
  }
};

class ArbiterRun {
 public:
  /// Chances in percent; share: bytes; longest: frame, beats.
  ArbiterRun(std::array<unsigned, sources> chances, unsigned ready_chance, unsigned share = 65536, unsigned longest = 5)
      : ready_chance_(ready_chance), share_(share) {
    for (unsigned s = 0; s < sources; ++s) {
      sources_[s].source = s;
      sources_[s].chance = chances[s];
      sources_[s].gap_free = s != core;
      sources_[s].longest = longest;
    }
    arbiter_->share = share_;
    arbiter_->stop = arbiter_->core_damaged = arbiter_->core_good = 0;
    arbiter_.tick();
  }

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  [[nodiscard]] unsigned sent(unsigned source) const { return sources_[source].number; }
  /// Most customer bytes that went ahead of a frame of that source.
  [[nodiscard]] unsigned longest_wait(unsigned source) const { return longest_wait_[source]; }
  [[nodiscard]] unsigned customer_bytes() const { return customer_bytes_; }

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
    set(sources_[core], arbiter_->core_valid, arbiter_->core_data, arbiter_->core_last);
    arbiter_->core_bytes = sources_[core].bytes();
    set(sources_[reply], arbiter_->reply_valid, arbiter_->reply_data, arbiter_->reply_last);
    set(sources_[host], arbiter_->host_valid, arbiter_->host_data, arbiter_->host_last);
    arbiter_->line_ready = random_.chance(ready_chance_);
    arbiter_->answer_valid = !answers_.empty();
    const Answer answer = answers_.empty() ? Answer{} : answers_.front();
    arbiter_->answer_counter = answer.counter;
    arbiter_->answer_entered = answer.entered;
    arbiter_->answer_epoch = answer.epoch;
  }

  void accept() {
    const std::array<bool, sources> ready = {arbiter_->core_ready != 0, arbiter_->reply_ready != 0,
                                             arbiter_->host_ready != 0};
    int taken = 0;
    for (unsigned s = 0; s < sources; ++s) {
      if (!sources_[s].valid || !ready[s]) continue;
      ++taken;
      if (sources_[s].beat == 0) check_start(s);
      if (sources_[s].beat > 0) ASSERT_EQ(current_, static_cast<int>(s)) << "frames are mixed";
      if (s == core) pass_customer(sources_[s].bytes());
      if (s == reply && sources_[s].beat == 0) answers_.push_back(random_answer());
      expected_.push_back({s, sources_[s].data(), sources_[s].last()});
      current_ = sources_[s].last() ? -1 : static_cast<int>(s);
      sources_[s].taken(random_);
    }
    ASSERT_LE(taken, 1);
    const bool waits = current_ < 0 && std::ranges::any_of(sources_, &Frames::valid);
    begun_ = begun_ || taken > 0;  // the output register is not ready in the first cycle
    ASSERT_FALSE(waits && begun_ && taken == 0 && !arbiter_->line_valid) << "nothing leaves though something waits";
  }

  void pass_customer(unsigned bytes) {
    customer_bytes_ += bytes;
    for (const Source s : {reply, host}) {
      if (!sources_[s].waits()) continue;
      sources_[s].waited += bytes;
      longest_wait_[s] = std::max(longest_wait_[s], sources_[s].waited);
    }
  }

  [[nodiscard]] bool due(Source source) const { return sources_[source].waits() && sources_[source].waited >= share_; }

  void check_start(unsigned source) {
    ASSERT_EQ(current_, -1) << "frames are mixed";
    const bool core_waits = sources_[core].waits();
    if (source == core) {
      ASSERT_TRUE(overtaken_ || !(due(reply) || due(host))) << "a control frame has waited long enough";
      overtaken_ = false;
      return;
    }
    const Source other = source == reply ? host : reply;
    if (core_waits) {
      ASSERT_FALSE(overtaken_) << "two control frames go ahead of a customer's";
      ASSERT_TRUE(due(static_cast<Source>(source))) << "a customer frame waits for less than the share";
    }
    const bool other_may = core_waits ? due(other) : sources_[other].waits();
    if (other_may) ASSERT_NE(last_control_, source) << "the other one's turn";
    last_control_ = source;
    overtaken_ = true;
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
      ASSERT_EQ(arbiter_->line_user, beat.last && beat.source == core) << "only customer frames carry their mark";
      inside_gap_free_ = !beat.last && beat.source != core;
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
    ASSERT_EQ(arbiter_->counter_valid, source == reply || source == host);
    ASSERT_EQ(arbiter_->answer_ready, source == reply);
    if (source == host) ASSERT_EQ(arbiter_->counter, static_cast<unsigned>(Counter::frames_from_host));
    bool leaves = false;
    if (source == reply) {
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
  std::array<Frames, sources> sources_;
  std::deque<Beat> expected_;  // accepted, not yet on the line
  std::deque<Answer> answers_;
  unsigned share_;
  std::array<unsigned, sources> longest_wait_{};
  unsigned customer_bytes_ = 0;
  unsigned last_control_ = host;
  bool begun_ = false;
  bool overtaken_ = false;  // the last frame was no customer's
  int current_ = -1;        // source of the frame that is being accepted
  bool inside_gap_free_ = false;
};

TEST(TxArbiter, SendsWholeFramesInOrderOfPriority) {
  ArbiterRun run({40, 40, 40}, 70);
  run.run(30000);
  for (unsigned source = 0; source < sources; ++source) EXPECT_GT(run.sent(source), 200U) << source;
}

TEST(TxArbiter, AttackOfCustomersAtFullRateDoesNotStarveControlFrames) {
  for (const unsigned share : {0U, 1U, 700U, 5000U, 65536U}) {
    constexpr unsigned kLongest = 24;  // beats
    ArbiterRun run({100, 100, 100}, 90, share, kLongest);
    run.run(100000);
    // The frame with the last byte of the share is sent whole; with both kinds due one more customer frame comes
    // between them.
    const unsigned bound = share + 2 * kLongest * 64;
    for (const Source source : {reply, host}) {
      EXPECT_LE(run.longest_wait(source), bound) << source;
      EXPECT_GE(run.longest_wait(source), share) << source;
      EXPECT_GE(run.sent(source), run.customer_bytes() / bound) << source;
      EXPECT_LE(run.sent(source), share == 0 ? run.sent(core) : run.customer_bytes() / share + 1)
          << "more than its share";
    }
  }
}

TEST(TxArbiter, OneKindOfControlFrameWaitsForTheShareAndTheFrameWithItsLastByte) {
  constexpr unsigned kLongest = 24, kShare = 3000;
  for (const Source source : {reply, host}) {
    std::array<unsigned, sources> chances{100, 0, 0};
    chances[source] = 100;
    ArbiterRun run(chances, 90, kShare, kLongest);
    run.run(50000);
    EXPECT_LT(run.longest_wait(source), kShare + kLongest * 64);
    EXPECT_GT(run.sent(source), 500U);
  }
}

TEST(TxArbiter, AttackOfControlFramesDoesNotStarveCustomers) {
  ArbiterRun run({60, 100, 100}, 100, 0);
  run.run(20000);
  EXPECT_GE(run.sent(core) + 1, (run.sent(reply) + run.sent(host)) / 3);
}

TEST(TxArbiter, SendsAnswersWithoutGapsAtFullRate) {
  ArbiterRun run({0, 100, 100}, 100);
  run.run(10000);
  // Three beats each on average, in turns.
  EXPECT_GT(run.sent(reply), 1500U);
  EXPECT_GT(run.sent(host), 1500U);
}

}  // namespace
}  // namespace sapulse::test
