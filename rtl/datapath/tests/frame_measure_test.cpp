// SPDX-License-Identifier: Apache-2.0
#include <Vframe_measure_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr unsigned kBeat = 64;
constexpr unsigned kLongest = 1023 * kBeat;  // that a measure can tell
constexpr unsigned kTooLong = 65535;         // what it tells of those above
constexpr unsigned kLatency = 2;

struct Measure {
  unsigned cycle;  // from which on it is shown
  unsigned length;
  bool bad;
};

/// Sends frames one after the other and looks for their measures.
class MeasureRun {
 public:
  void send(unsigned length, bool bad) {
    for (unsigned left = length; left > 0; left -= std::min(left, kBeat)) {
      while (random_.chance(10)) step(false);
      bench_->beat_keep = left >= kBeat ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
      bench_->beat_last = left <= kBeat;
      bench_->beat_user = left <= kBeat && bad;
      if (left <= kBeat) expected_.push_back({cycle_ + kLatency, length > kLongest ? kTooLong : length, bad});
      step(true);
    }
  }
  void drain() {
    for (unsigned i = 0; i < 200; ++i) step(false);
    EXPECT_TRUE(expected_.empty());
  }
  RandomSource& random() { return random_; }

 private:
  void step(bool valid) {
    bench_->beat_valid = valid;
    bench_->measure_ready = random_.chance(50);
    bench_.settle();
    const bool shows = !expected_.empty() && expected_.front().cycle <= cycle_;
    ASSERT_EQ(bench_->measure_valid, shows);
    if (shows) {
      ASSERT_EQ(bench_->measure_length, expected_.front().length);
      ASSERT_EQ(bench_->measure_bad, expected_.front().bad);
      if (bench_->measure_ready) expected_.pop_front();
    }
    bench_.tick();
    ++cycle_;
  }

  RandomSource random_;
  Clocked<Vframe_measure_bench> bench_;
  std::deque<Measure> expected_;
  unsigned cycle_ = 0;
};

TEST(FrameMeasure, TellsEveryLength) {
  MeasureRun run;
  for (unsigned length = 1; length <= 300; ++length) run.send(length, run.random().chance(30));
  run.drain();
}

TEST(FrameMeasure, TellsFramesTooLongToCountAsTheLongest) {
  MeasureRun run;
  for (const unsigned length : {kLongest - 1, kLongest, kLongest + 1, 65535U, 65536U, 140000U, 100U})
    run.send(length, false);
  run.drain();
}

}  // namespace
}  // namespace sapulse::test
