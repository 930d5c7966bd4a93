// SPDX-License-Identifier: Apache-2.0
#include <Vasync_fifo_bench.h>
#include <gtest/gtest.h>

#include <deque>

#include "two_clocks.h"

namespace sapulse::test {
namespace {

/// A writer and a reader, each on its own random clock; words must come out as they went in.
class AsyncFifoRun {
 public:
  AsyncFifoRun(unsigned write_chance, unsigned read_chance)
      : write_chance_(write_chance),
        read_chance_(read_chance),
        fifo_(
            random_, [](Vasync_fifo_bench& m) -> CData& { return m.in_clk; },
            [](Vasync_fifo_bench& m) -> CData& { return m.out_clk; }) {
    reset();
  }

  /// Both sides in reset, released in random order and at random distance.
  void reset() {
    fifo_->in_rst = fifo_->out_rst = 1;
    fifo_->in_valid = fifo_->out_ready = 0;
    expected_.clear();
    run_edges(100);
    ASSERT_FALSE(fifo_->out_valid);
    const bool reader_first = random_.chance(50);
    (reader_first ? fifo_->out_rst : fifo_->in_rst) = 0;
    run_edges(static_cast<int>(random_.below(40)));
    fifo_->in_rst = fifo_->out_rst = 0;
  }

  void run(int edges) {
    for (int i = 0; i < edges && !::testing::Test::HasFatalFailure(); ++i) step();
  }

  std::size_t words_read() const { return words_read_; }
  double slower_cycles(std::uint64_t since) const {
    return static_cast<double>(fifo_.time() - since) / static_cast<double>(fifo_.slower_period());
  }
  std::uint64_t time() const { return fifo_.time(); }
  bool empty() const { return expected_.empty(); }

 private:
  void run_edges(int edges) {
    for (int i = 0; i < edges; ++i) fifo_.edge();
  }

  /// Inputs change only when their own clock has ticked.
  void step() {
    const auto edges = fifo_.upcoming();
    fifo_.settle();
    if (edges.first && fifo_->in_valid && fifo_->in_ready) expected_.push_back(fifo_->in_data);
    if (edges.second && fifo_->out_valid && fifo_->out_ready) take();
    fifo_.edge();
    if (edges.first) {
      fifo_->in_valid = random_.chance(write_chance_);
      fifo_->in_data = static_cast<std::uint32_t>(random_.word());
    }
    if (edges.second) fifo_->out_ready = random_.chance(read_chance_);
  }

  void take() {
    ASSERT_FALSE(expected_.empty()) << "a word that was not written";
    ASSERT_EQ(fifo_->out_data, expected_.front());
    expected_.pop_front();
    ++words_read_;
  }

  RandomSource random_;
  unsigned write_chance_, read_chance_;
  TwoClocks<Vasync_fifo_bench> fifo_;
  std::deque<std::uint32_t> expected_;
  std::size_t words_read_ = 0;
};

constexpr int kClockPairs = 20;

TEST(AsyncFifo, DeliversEveryWordInOrder) {
  for (int pair = 0; pair < kClockPairs; ++pair) {
    AsyncFifoRun run(50, 50);
    run.run(5000);
    EXPECT_GT(run.words_read(), 100U);
  }
}

TEST(AsyncFifo, SurvivesAFastWriterAndAFastReader) {
  for (int pair = 0; pair < kClockPairs; ++pair) {
    const bool full = pair % 2 == 0;
    AsyncFifoRun run(full ? 100 : 20, full ? 20 : 100);
    run.run(5000);
    EXPECT_GT(run.words_read(), 30U);
  }
}

TEST(AsyncFifo, CarriesTheRateOfTheSlowerClock) {
  for (int pair = 0; pair < kClockPairs; ++pair) {
    AsyncFifoRun run(100, 100);
    run.run(200);
    const std::uint64_t start = run.time();
    const std::size_t before = run.words_read();
    run.run(20000);
    EXPECT_GT(static_cast<double>(run.words_read() - before), 0.99 * run.slower_cycles(start) - 4);
  }
}

TEST(AsyncFifo, IsEmptyAfterReset) {
  AsyncFifoRun run(100, 30);
  for (int round = 0; round < 50; ++round) {
    run.run(300);
    run.reset();
  }
  EXPECT_GT(run.words_read(), 100U);
}

}  // namespace
}  // namespace sapulse::test
