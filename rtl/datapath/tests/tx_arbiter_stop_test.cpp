// SPDX-License-Identifier: Apache-2.0
// What tx_arbiter does with damage: it stops, or marks a customer's frame bad.
#include <Vtx_arbiter_bench.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "clocked.h"

namespace sapulse::test {
namespace {

constexpr unsigned kLong = 8;  ///< beats of a frame

/// Frames without end of replies, from the host or of customers; the number of a beat is its data.
class ArbiterStop : public testing::Test {
 protected:
  ArbiterStop() {
    arbiter_->line_ready = 1;
    arbiter_->share = 64;
    arbiter_->core_bytes = 64;
    arbiter_->core_good = 1;
    arbiter_->stop = arbiter_->core_damaged = 0;
    arbiter_->core_valid = arbiter_->reply_valid = arbiter_->host_valid = 0;
    arbiter_->answer_valid = 1;
    arbiter_.tick();
  }

  struct Beat {
    std::uint32_t data;
    bool last, user;
  };

  void run(unsigned cycles) {
    for (unsigned cycle = 0; cycle < cycles; ++cycle) {
      arbiter_->core_last = arbiter_->reply_last = arbiter_->host_last = beat_ % kLong == kLong - 1;
      arbiter_->core_data = 'c';
      arbiter_->reply_data = 'r';
      arbiter_->host_data = 'h';
      arbiter_.settle();
      const bool moves = (arbiter_->core_valid && arbiter_->core_ready) ||
                         (arbiter_->reply_valid && arbiter_->reply_ready) ||
                         (arbiter_->host_valid && arbiter_->host_ready);
      if (arbiter_->line_valid) line_.push_back({arbiter_->line_data, arbiter_->line_last != 0, user()});
      counted_ += arbiter_->counter_valid;
      arbiter_.tick();
      beat_ += moves ? 1 : 0;
    }
  }
  [[nodiscard]] bool user() { return arbiter_->line_last != 0 && arbiter_->line_user != 0; }

  Clocked<Vtx_arbiter_bench> arbiter_;
  std::vector<Beat> line_;
  unsigned beat_ = 0;
  unsigned counted_ = 0;
};

TEST_F(ArbiterStop, AnAnswerUnderWayIsCutAndNoneFollows) {
  arbiter_->reply_valid = 1;
  run(kLong / 2);
  arbiter_->stop = 1;
  run(2);
  arbiter_->core_valid = 1;  // in the middle of a frame, which is no matter
  line_.clear();
  run(50);
  unsigned replies = 0;
  for (const Beat& beat : line_) replies += beat.data == 'r';
  EXPECT_LE(replies, 2U);
  EXPECT_EQ(counted_, 0U) << "a frame that was cut counts as an answer";
  EXPECT_EQ(line_.back().data, std::uint32_t{'c'});
}

TEST_F(ArbiterStop, TheLastBeatOfWhatIsCutIsMarkedBad) {
  for (const bool of_host : {false, true}) {
    arbiter_->stop = 0;
    arbiter_->rst = 1;
    arbiter_.tick();
    arbiter_->rst = 0;
    arbiter_.tick();
    beat_ = 0;
    line_.clear();
    arbiter_->reply_valid = !of_host;
    arbiter_->host_valid = of_host;
    run(kLong / 2);
    // Even if nothing comes any more.
    arbiter_->stop = 1;
    arbiter_->reply_valid = arbiter_->host_valid = 0;
    run(10);
    ASSERT_FALSE(line_.empty());
    EXPECT_TRUE(line_.back().last);
    EXPECT_TRUE(line_.back().user);
    EXPECT_LE(line_.size(), kLong / 2 + 1);
  }
}

TEST_F(ArbiterStop, ADamagedCustomersFrameIsMarkedAndTheNextIsNot) {
  for (unsigned damaged = 0; damaged < kLong; ++damaged) {
    line_.clear();
    arbiter_->core_valid = 1;
    for (unsigned beat = 0; beat < 2 * kLong; ++beat) {
      arbiter_->core_damaged = beat == damaged;
      run(1);
    }
    arbiter_->core_valid = 0;
    run(3);
    unsigned marked = 0;
    unsigned frames = 0;
    for (const Beat& beat : line_) {
      if (!beat.last) continue;
      ++frames;
      marked += beat.user;
    }
    EXPECT_EQ(frames, 2U);
    EXPECT_EQ(marked, 1U) << "beat " << damaged;
  }
}

}  // namespace
}  // namespace sapulse::test
