// SPDX-License-Identifier: Apache-2.0
// Fences: frames are looked up, enter, are held for a short or a very long time, and leave; a fence must wait for
// exactly those that were looked up before it.
#include <deque>
#include <vector>

#include "sa_bench.h"

namespace sapulse::test {
namespace {

using regs::Opcode;

class SaFence : public SaBench {
 protected:
  void drive() override {
    if (lookup_percent_ != 0) {
      dut_->lookup_valid = random_.chance(lookup_percent_);
      dut_->lookup_spi = static_cast<std::uint32_t>(random_.word());
    }
    dut_->enter_valid = 0;
    dut_->enter_epoch = 0;
    if (own_percent_ != 0 && random_.chance(own_percent_)) {
      // A message of the card's own: looked up, and in, in one cycle.
      dut_->enter_valid = 2;
      dut_->enter_epoch = dut_->epoch << 1;
      inside_.push_back({cycle_, dut_->epoch != 0, cycle_, cycle_ + 1 + random_.below(300)});
    }
    if (!waiting_.empty() && waiting_.front().enter == cycle_) {
      dut_->enter_valid |= 1;
      dut_->enter_epoch |= waiting_.front().epoch;
      waiting_.front().leave = cycle_ + 1 + (random_.chance(long_percent_) ? random_.below(4000) : random_.below(60));
      inside_.push_back(waiting_.front());
      waiting_.pop_front();
    }
    drive_leaves();
  }

  void observe() override {
    if (dut_->lookup_valid) looked_up_.push_back(cycle_);
    if (dut_->result_valid) {
      ASSERT_FALSE(looked_up_.empty());
      ASSERT_EQ(looked_up_.front() + kLookupLatency, cycle_);
      if (random_.chance(70)) {
        waiting_.push_back({looked_up_.front(), dut_->result_epoch != 0, cycle_ + enter_delay_, 0});
      }
      looked_up_.pop_front();
    }
    if (dut_->enter_valid || !inside_.empty()) {
      ASSERT_TRUE(dut_->busy) << inside_.size() << " frames inside";
    }
  }

  /// Issues a fence and waits for it. Returns the cycles it took.
  std::uint64_t fence() {
    const std::uint64_t begin = cycle_;
    start(make_command(Opcode::fence));
    std::uint64_t all_left = 0;
    for (unsigned i = 0; in_progress() && i < 10'000; ++i) {
      tick();
      // The fence takes effect within 6 cycles: until then frames of the old epoch may still come.
      if (in_progress() && cycle_ >= begin + 6 && !any_before(begin + 6) && all_left == 0) all_left = cycle_;
    }
    EXPECT_FALSE(in_progress()) << "a fence never completes";
    EXPECT_FALSE(any_before(begin)) << "a fence completed before a frame had left";
    if (all_left != 0) {
      // Does not wait for frames of the new epoch: the rest is its settling time.
      EXPECT_LE(cycle_ - all_left, kLookupLatency + kEnterMargin + 30);
    }
    return cycle_ - begin;
  }

  void stop_and_drain() {
    lookup_percent_ = 0;
    own_percent_ = 0;
    dut_->lookup_valid = 0;
    for (unsigned i = 0; i < 5000 && (!inside_.empty() || !waiting_.empty() || !looked_up_.empty()); ++i) tick();
    ticks(3);
    EXPECT_FALSE(dut_->busy);
  }

  unsigned lookup_percent_ = 0;  ///< 0: the test itself looks up
  unsigned long_percent_ = 1;
  unsigned enter_delay_ = 1;  ///< cycles from result to enter
  unsigned own_percent_ = 0;  ///< messages of the card's own

  struct Frame {
    std::uint64_t looked_up;
    bool epoch;
    std::uint64_t enter;
    std::uint64_t leave;
  };
  std::vector<Frame> inside_;

 private:
  void drive_leaves() {
    dut_->leave_valid = 0;
    dut_->leave_epoch = static_cast<unsigned>(random_.below(1U << kLeavePorts));
    for (unsigned port = 0; port < kLeavePorts; ++port) {
      if (random_.chance(20)) continue;
      for (auto frame = inside_.begin(); frame != inside_.end(); ++frame) {
        if (frame->leave > cycle_ || frame->enter == cycle_) continue;
        dut_->leave_valid |= 1u << port;
        dut_->leave_epoch = (dut_->leave_epoch & ~(1u << port)) | (unsigned{frame->epoch} << port);
        inside_.erase(frame);
        break;
      }
    }
  }

  bool any_before(std::uint64_t cycle) const {
    const auto before = [cycle](const Frame& frame) { return frame.looked_up < cycle; };
    return std::any_of(inside_.begin(), inside_.end(), before) ||
           std::any_of(waiting_.begin(), waiting_.end(), before) ||
           std::any_of(looked_up_.begin(), looked_up_.end(), [cycle](std::uint64_t at) { return at < cycle; });
  }

  std::deque<std::uint64_t> looked_up_;
  std::deque<Frame> waiting_;
};

TEST_F(SaFence, WithoutFramesItCompletesSoon) {
  for (unsigned i = 0; i < 4; ++i) EXPECT_LE(fence(), kLookupLatency + kEnterMargin + 30);
}

TEST_F(SaFence, EachFenceChangesTheEpochOfLaterLookups) {
  bool epoch = lookup(0x1000).epoch;
  for (unsigned i = 0; i < 4; ++i) {
    fence();
    const bool after = lookup(0x1000).epoch;
    EXPECT_NE(after, epoch);
    epoch = after;
  }
}

TEST_F(SaFence, OtherCommandsBeginNoEpoch) {
  const bool epoch = lookup(0x1000).epoch;
  const Halves halves = random_halves(random_);
  for (const Descriptor& command :
       {make_command(Opcode::nop), make_write_in(1, halves), make_write_out(1, halves), make_path(1, random_),
        make_index_write({0, 0, 0}, true, 0x2000, 1), make_command(Opcode::sa_admin, 1),
        make_command(Opcode::sa_read, 1), make_command(Opcode::sa_erase, 1)}) {
    run(command, regs::Status::ok);
    EXPECT_EQ(lookup(0x1000).epoch, epoch) << std::to_integer<unsigned>(command[0]);
  }
}

class SaFenceDelay : public SaFence, public ::testing::WithParamInterface<unsigned> {};

TEST_P(SaFenceDelay, WaitsForFramesLookedUpBeforeIt) {
  enter_delay_ = GetParam();
  own_percent_ = 10;
  std::uint64_t longest = 0;
  for (unsigned i = 0; i < 150 && !HasFatalFailure(); ++i) {
    lookup_percent_ = (i / 20) % 2 == 0 ? 30 : 95;
    long_percent_ = (i / 10) % 3 == 0 ? 5 : 0;
    ticks(random_.below(100));
    longest = std::max(longest, fence());
  }
  EXPECT_GT(longest, 1000u);  // some frames were held long
  stop_and_drain();
}

INSTANTIATE_TEST_SUITE_P(EnterDelays, SaFenceDelay, ::testing::Values(1u, 2u, 7u, 30u, kEnterMargin));

}  // namespace
}  // namespace sapulse::test
