// SPDX-License-Identifier: Apache-2.0
#include <Vexception_queue_bench.h>
#include <gtest/gtest.h>

#include <deque>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Counter;

constexpr unsigned kCapacity = 8;  // as in exception_queue_bench.sv
constexpr unsigned kBeats = regs::kExceptionBytes / 64;
constexpr unsigned kLastWord = 15;

struct Entry {
  std::uint32_t number;
  bool copy, entered, epoch;
};

/// Plays the builder, which begins an exception in the cycle after it saw room, and a host that takes them or has no
/// room.
class QueueRun {
 public:
  QueueRun(unsigned begin_chance, unsigned ready_chance, unsigned room_chance)
      : begin_chance_(begin_chance), ready_chance_(ready_chance), room_chance_(room_chance) {}

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  void drain() {
    begin_chance_ = 0;
    ready_chance_ = 100;
    run(200 * static_cast<int>(kCapacity));
    EXPECT_TRUE(held_.empty());
  }
  [[nodiscard]] std::size_t waiting() const { return held_.size(); }
  [[nodiscard]] int delivered() const { return delivered_; }
  [[nodiscard]] int dropped() const { return dropped_; }

 private:
  static std::uint32_t word(std::uint32_t number, unsigned beat) { return number << 8 | beat; }

  void step() {
    begin();
    queue_->in_valid = building_ && random_.chance(80);
    queue_->in_first = in_beat_ == 0;
    queue_->in_last = in_beat_ + 1 == kBeats;
    queue_->in_data[0] = word(current_.number, in_beat_);
    queue_->in_data[kLastWord] = ~word(current_.number, in_beat_);
    queue_->in_copy = current_.copy;
    queue_->in_entered = current_.entered;
    queue_->in_epoch = current_.epoch;
    queue_->exc_room = random_.chance(room_chance_);
    queue_->exc_ready = random_.chance(ready_chance_);
    queue_.settle();
    no_room_seen_ = no_room_seen_ || !queue_->exc_room;
    check_beat();
    check_end();
    advance();
    queue_.tick();
  }

  void begin() {
    if (building_ || !saw_room_ || !random_.chance(begin_chance_)) return;
    building_ = true;
    in_beat_ = 0;
    current_ = {++numbers_, random_.chance(30), random_.chance(50), random_.chance(50)};
    held_.push_back(current_);
  }

  void check_beat() {
    ASSERT_TRUE(queue_->exc_valid || !stalled_) << "valid fell before ready";
    if (!queue_->exc_valid) return;
    ASSERT_FALSE(held_.empty());
    if (out_beat_ == 0 && !stalled_) ASSERT_TRUE(queue_->exc_room) << "begun without room in the ring";
    ASSERT_EQ(queue_->exc_data[0], word(held_.front().number, out_beat_));
    ASSERT_EQ(queue_->exc_data[kLastWord], ~word(held_.front().number, out_beat_));
    ASSERT_EQ(queue_->exc_last, out_beat_ + 1 == kBeats);
    begun_ = true;
    stalled_ = !queue_->exc_ready;
    if (!stalled_) ++out_beat_;
  }

  void check_end() {
    ASSERT_TRUE(!queue_->done_valid || !held_.empty());
    ASSERT_TRUE(out_beat_ < kBeats || queue_->done_valid);
    if (!queue_->done_valid) return;
    const Entry e = held_.front();
    held_.pop_front();
    ASSERT_EQ(out_beat_, begun_ ? kBeats : 0) << "dropped in the middle";
    Counter expected = e.copy ? Counter::host_copies : Counter::host;
    if (!begun_) {
      ASSERT_TRUE(no_room_seen_) << "dropped although there was room";
      expected = e.copy ? Counter::copies_limited : Counter::drop_ring_full;
    }
    ASSERT_EQ(queue_->done_counter, static_cast<unsigned>(expected));
    ASSERT_EQ(queue_->done_entered, e.entered);
    ASSERT_EQ(queue_->done_epoch, e.epoch);
    ++(begun_ ? delivered_ : dropped_);
    out_beat_ = 0;
    begun_ = no_room_seen_ = false;
  }

  void advance() {
    if (queue_->in_valid && ++in_beat_ == kBeats) building_ = false;
    saw_room_ = queue_->room;
  }

  unsigned begin_chance_, ready_chance_, room_chance_;
  RandomSource random_;
  Clocked<Vexception_queue_bench> queue_;
  std::deque<Entry> held_;
  Entry current_{};
  std::uint32_t numbers_ = 0;
  unsigned in_beat_ = 0, out_beat_ = 0;
  bool building_ = false, saw_room_ = false, begun_ = false, stalled_ = false, no_room_seen_ = false;
  int delivered_ = 0, dropped_ = 0;
};

TEST(ExceptionQueue, DeliversOrDropsWholeExceptions) {
  QueueRun run(60, 60, 50);
  run.run(40000);
  run.drain();
  EXPECT_GT(run.delivered(), 500);
  EXPECT_GT(run.dropped(), 500);
}

TEST(ExceptionQueue, DropsNothingWhileTheRingHasRoom) {
  QueueRun run(100, 50, 100);
  run.run(20000);
  run.drain();
  EXPECT_GT(run.delivered(), 1000);
  EXPECT_EQ(run.dropped(), 0);
}

TEST(ExceptionQueue, DropsAtOnceWhatFindsTheRingFull) {
  QueueRun run(100, 0, 0);
  run.run(2000);
  EXPECT_EQ(run.delivered(), 0);
  EXPECT_GT(run.dropped(), 200);
}

TEST(ExceptionQueue, StopsTheBuilderBeforeItOverflows) {
  QueueRun run(100, 0, 100);
  run.run(2000);
  EXPECT_GE(run.waiting(), kCapacity - 2);
  EXPECT_LE(run.waiting(), kCapacity);
  run.drain();
  EXPECT_EQ(run.dropped(), 0);
}

}  // namespace
}  // namespace sapulse::test
