// SPDX-License-Identifier: Apache-2.0
#include <Vframe_fifo_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <vector>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kDepth = 16;  // as given in CMakeLists.txt

struct Settings {
  bool writer_waits;  // for in_ready
  unsigned write_chance, read_chance, drop_chance;
  std::size_t longest;
};

struct Totals {
  int kept = 0, dropped = 0, overflowed = 0;
};

/// Random frames; what comes out must be the frames that were kept, whole, in order, without gaps.
class FrameFifoRun {
 public:
  explicit FrameFifoRun(const Settings& settings) : settings_(settings) { begin_frame(); }

  Totals run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
    return totals_;
  }

 private:
  void begin_frame() {
    frame_.assign(1 + random_.below(settings_.longest), 0);
    for (auto& beat : frame_) beat = static_cast<std::uint32_t>(random_.word());
    next_ = written_ = 0;
    lost_ = false;
  }

  void step() {
    fifo_->in_valid = random_.chance(settings_.write_chance);
    fifo_->in_data = frame_[next_];
    fifo_->in_last = next_ + 1 == frame_.size();
    dropped_ = random_.chance(settings_.drop_chance);
    fifo_->in_keep = fifo_->in_last && !dropped_;
    fifo_->out_ready = random_.chance(settings_.read_chance);
    fifo_.settle();
    if (settings_.writer_waits && !fifo_->in_ready) {
      fifo_->in_valid = 0;
      fifo_.settle();
    }
    check_room();
    check_output();
    write();
    fifo_.tick();
  }

  void check_room() {
    const std::size_t held = expected_.size() + written_;
    ASSERT_EQ(fifo_->in_ready, held < kDepth);
    ASSERT_EQ(fifo_->in_overflow, lost_ || !fifo_->in_ready);
    ASSERT_EQ(fifo_->in_half, held >= kDepth / 2);
  }

  void check_output() {
    ASSERT_FALSE(fifo_->fault);
    if (inside_frame_) ASSERT_TRUE(fifo_->out_valid) << "gap in a frame";
    if (!fifo_->out_valid) return;
    ASSERT_FALSE(expected_.empty()) << "beat of a frame that was not kept";
    ASSERT_EQ(fifo_->out_data, expected_.front().data);
    ASSERT_EQ(fifo_->out_last, expected_.front().last);
    if (!fifo_->out_ready) return;
    inside_frame_ = !fifo_->out_last;
    expected_.pop_front();
  }

  void write() {
    if (!fifo_->in_valid) return;
    lost_ = lost_ || !fifo_->in_ready;
    written_ += !lost_;
    if (++next_ < frame_.size()) return;
    if (lost_) {
      ++totals_.overflowed;
    } else if (dropped_) {
      ++totals_.dropped;
    } else {
      ++totals_.kept;
      for (std::size_t i = 0; i < frame_.size(); ++i) expected_.push_back({frame_[i], i + 1 == frame_.size()});
    }
    begin_frame();
  }

  struct Beat {
    std::uint32_t data;
    bool last;
  };
  Settings settings_;
  RandomSource random_;
  Clocked<Vframe_fifo_bench> fifo_;
  std::vector<std::uint32_t> frame_;
  std::size_t next_ = 0, written_ = 0;  // beats of the frame: offered, in the FIFO
  bool lost_ = false, dropped_ = false, inside_frame_ = false;
  std::deque<Beat> expected_;
  Totals totals_;
};

/// Cycles from the first beat in to the first beat out of a frame that is alone, and kept from a beat on.
unsigned latency_of(unsigned beats, unsigned kept_from) {
  Clocked<Vframe_fifo_bench> fifo;
  fifo->out_ready = 1;
  for (unsigned cycle = 0; cycle < 100; ++cycle) {
    fifo->in_valid = cycle < beats;
    fifo->in_last = cycle + 1 == beats;
    fifo->in_keep = cycle >= kept_from;
    fifo.tick();
    if (fifo->out_valid) return cycle + 1;
  }
  return 0;
}

TEST(FrameFifo, ShowsAFrameAtOnceWhenItIsWhole) {
  for (unsigned beats = 1; beats <= 8; ++beats) {
    EXPECT_EQ(latency_of(beats, beats - 1), std::max(3U, beats)) << beats << " beats";
  }
}

TEST(FrameFifo, ShowsAFrameSoonerThatIsKeptSooner) {
  constexpr unsigned kBeats = 8;
  for (unsigned from = 0; from < kBeats; ++from) {
    EXPECT_EQ(latency_of(kBeats, from), std::max(3U, from + 1)) << "kept from beat " << from << " on";
  }
}

TEST(FrameFifo, KeepsAndDropsWholeFrames) {
  const Totals totals = FrameFifoRun({true, 70, 70, 30, 6}).run(20000);
  EXPECT_GT(totals.kept, 1000);
  EXPECT_GT(totals.dropped, 300);
  EXPECT_EQ(totals.overflowed, 0);
}

TEST(FrameFifo, LosesWholeFramesToAWriterThatDoesNotWait) {
  const Totals totals = FrameFifoRun({false, 80, 40, 10, 12}).run(20000);
  EXPECT_GT(totals.kept, 300);
  EXPECT_GT(totals.overflowed, 300);
}

TEST(FrameFifo, TakesFramesOfItsOwnDepth) {
  const Totals totals = FrameFifoRun({true, 100, 60, 20, kDepth}).run(20000);
  EXPECT_GT(totals.kept, 300);
}

TEST(FrameFifo, SurvivesFramesLongerThanItself) {
  const Totals totals = FrameFifoRun({false, 100, 100, 0, 3 * kDepth}).run(20000);
  EXPECT_GT(totals.kept, 100);
  EXPECT_GT(totals.overflowed, 100);
}

}  // namespace
}  // namespace sapulse::test
