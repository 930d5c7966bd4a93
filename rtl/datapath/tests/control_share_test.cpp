// SPDX-License-Identifier: Apache-2.0
#include <Vcontrol_share_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr unsigned kShares = 256;
constexpr unsigned kFrames = 64;  // that control_fifo has room for
constexpr unsigned kBeats = 512;
constexpr unsigned kLimit = kBeats / 4;
constexpr unsigned kTakenLatency = 3;  // cycles until a frame that has been taken shows
constexpr unsigned kLeftLatency = 2;   // cycles until one that has left does
constexpr unsigned kAskedLatency = 2;  // from the question to the answer

struct Holder {
  unsigned source, sa;
  bool ping;
};

struct Frame {
  Holder holder;
  unsigned length;

  [[nodiscard]] unsigned beats() const { return (length + 63) / 64; }
  [[nodiscard]] unsigned units() const { return std::max(beats(), kBeats / kFrames); }
};

class ControlShare : public testing::Test {
 protected:
  ControlShare() {
    for (unsigned i = 0; i < kShares; ++i) share_.tick();
  }

  Holder random_holder() {
    return {.source = static_cast<unsigned>(random_.below(sources_)) * 51,
            .sa = static_cast<unsigned>(random_.below(sas_)) * 51,
            .ping = random_.chance(70)};
  }

  /// One cycle: asks about somebody; takes a frame if there is room for it, lets the oldest one go, or neither.
  void step(unsigned take_chance, unsigned leave_chance) {
    drive_question(random_holder());
    share_->left = !frames_.empty() && showing() > 0 && random_.chance(leave_chance);
    const Frame next{random_holder(), static_cast<unsigned>(60 + random_.below(longest_ - 60))};
    const bool room = frames_.size() < kFrames && beats_ + next.beats() <= kBeats;
    drive_take(room && random_.chance(take_chance) ? std::optional(next) : std::nullopt);
    advance();
  }

  void drive_question(const Holder& holder) {
    share_->asked_source = holder.source;
    share_->asked_sa = holder.sa;
    share_->asked_ping = holder.ping;
    asked_.push_back(is_over(holder));
  }

  void drive_take(const std::optional<Frame>& frame) {
    share_->taken = frame.has_value();
    taken_ = frame;
    if (!frame) return;
    share_->source = frame->holder.source;
    share_->sa = frame->holder.sa;
    share_->ping = frame->holder.ping;
    share_->length = frame->length;
  }

  void advance() {
    share_.settle();
    if (asked_.size() > kAskedLatency) {
      ASSERT_EQ(share_->over, asked_.front()) << "cycle " << cycle_;
      (asked_.front() ? over_ : below_)++;
      asked_.pop_front();
    }
    if (share_->left) {
      leaving_.emplace_back(cycle_ + kLeftLatency, frames_.front());
      beats_ -= frames_.front().beats();
      frames_.pop_front();
    }
    if (taken_) {
      frames_.push_back(*taken_);
      beats_ += taken_->beats();
      entering_.emplace_back(cycle_ + kTakenLatency, *taken_);
    }
    ++cycle_;
    while (!entering_.empty() && entering_.front().first == cycle_) {
      add(entering_.front().second, 1);
      entering_.pop_front();
    }
    while (!leaving_.empty() && leaving_.front().first == cycle_) {
      add(leaving_.front().second, -1);
      leaving_.pop_front();
    }
    share_.tick();
  }

  /// Frames that have been counted; only these can leave.
  [[nodiscard]] std::size_t showing() const { return frames_.size() - entering_.size(); }

  void add(const Frame& frame, int sign) {
    const int units = sign * static_cast<int>(frame.units());
    by_source_[frame.holder.source] += units;
    if (frame.holder.ping) by_sa_[frame.holder.sa] += units;
  }

  bool is_over(const Holder& holder) {
    constexpr int kMost = kLimit;
    return by_source_[holder.source] >= kMost || (holder.ping && by_sa_[holder.sa] >= kMost);
  }

  RandomSource random_;
  Clocked<Vcontrol_share_bench> share_;
  unsigned sources_ = 5, sas_ = 5, longest_ = 600;
  std::deque<Frame> frames_;                         // in control_fifo
  std::deque<std::pair<unsigned, Frame>> entering_;  // of these, those that do not show yet, and when they do
  std::deque<std::pair<unsigned, Frame>> leaving_;   // those that still show, and until when
  std::deque<bool> asked_;                           // answers that are due
  std::map<unsigned, int> by_source_, by_sa_;        // units
  std::optional<Frame> taken_;
  unsigned beats_ = 0, cycle_ = 0;
  int over_ = 0, below_ = 0;
};

TEST_F(ControlShare, KnowsWhoHoldsAQuarter) {
  for (int round = 0; round < 40; ++round) {
    sources_ = static_cast<unsigned>(1 + random_.below(5));
    sas_ = static_cast<unsigned>(1 + random_.below(5));
    longest_ = random_.chance(30) ? 9216 : 600;
    const unsigned leave = random_.chance(50) ? 30 : 90;
    for (int cycle = 0; cycle < 1000; ++cycle) {
      step(60, leave);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(over_, 5000);
  EXPECT_GT(below_, 5000);
}

/// Sixteen of the shortest frames are a quarter of what there is room for, as much as two frames of 64 beats each.
TEST_F(ControlShare, ShortFramesCountByTheirNumber) {
  const Holder flooder{.source = 7, .sa = 9, .ping = true};
  const Holder same_source{.source = 7, .sa = 1, .ping = true};
  const Holder same_sa{.source = 1, .sa = 9, .ping = true};
  const Holder no_ping{.source = 1, .sa = 9, .ping = false};
  const auto asks = [&](const Holder& holder) {
    for (unsigned i = 0; i <= kAskedLatency + kTakenLatency; ++i) {
      drive_question(holder);
      drive_take(std::nullopt);
      advance();
    }
    return share_->over != 0;
  };
  for (unsigned i = 0; i < kFrames / 4; ++i) {
    EXPECT_FALSE(asks(flooder)) << i;
    drive_question(flooder);
    drive_take(Frame{flooder, 60});
    advance();
  }
  EXPECT_TRUE(asks(flooder));
  EXPECT_TRUE(asks(same_source));
  EXPECT_TRUE(asks(same_sa));
  EXPECT_FALSE(asks(no_ping)) << "what is not opened has no SA";
}

}  // namespace
}  // namespace sapulse::test
