// SPDX-License-Identifier: Apache-2.0
#include <Vdispatch_bench.h>
#include <gtest/gtest.h>

#include <deque>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr unsigned kRouteException = 0, kRoutePing = 1;
constexpr unsigned kControlHeaderBytes = 24;
constexpr unsigned kBeatBytes = 64;
constexpr std::size_t kRoutes = 4;  // jobs that may be ahead of their beats

struct Frame {
  unsigned route, sa, control_length, payload, echo_length, beats;
  std::uint32_t number;

  [[nodiscard]] bool is_exception() const { return route == kRouteException; }
  [[nodiscard]] bool is_ping() const { return route == kRoutePing; }
  [[nodiscard]] bool is_echo() const { return !is_exception() && !is_ping(); }
  /// Of its cut, bytes from the start of the frame.
  [[nodiscard]] unsigned offset() const { return (payload + (is_ping() ? kControlHeaderBytes : 0)) & 0xFF; }
};

class DispatchRun {
 public:
  explicit DispatchRun(unsigned ready_chance) : ready_chance_(ready_chance) { next_ = random_frame(); }

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  [[nodiscard]] int finished() const { return finished_; }
  [[nodiscard]] std::size_t farthest() const { return farthest_; }

 private:
  Frame random_frame() {
    Frame f{};
    f.number = ++numbers_;
    f.route = static_cast<unsigned>(random_.below(3));
    f.sa = static_cast<unsigned>(random_.below(65536));
    f.control_length = static_cast<unsigned>(kControlHeaderBytes + random_.below(9000));
    f.payload = static_cast<unsigned>(random_.below(200));
    f.echo_length = static_cast<unsigned>(8 + random_.below(9000));
    f.beats = static_cast<unsigned>(f.offset() / kBeatBytes + 1 + random_.below(5));
    return f;
  }

  void step() {
    drive();
    dispatch_.settle();
    check_job();
    check_beat();
    advance();
    dispatch_.tick();
  }

  void drive() {
    dispatch_->job_valid = random_.chance(80);
    dispatch_->route = next_.route;
    dispatch_->number = next_.number;
    dispatch_->sa = next_.sa;
    dispatch_->control_length = next_.control_length;
    dispatch_->payload = next_.payload;
    dispatch_->echo_length = next_.echo_length;
    dispatch_->exception_job_ready = random_.chance(ready_chance_);
    dispatch_->align_job_ready = random_.chance(ready_chance_);
    dispatch_->key_ready = random_.chance(ready_chance_);
    dispatch_->ping_ready = random_.chance(ready_chance_);
    dispatch_->echo_ready = random_.chance(ready_chance_);
    dispatch_->payload_echo_ready = random_.chance(ready_chance_);
    // Beats of a frame may arrive before its job has been taken.
    dispatch_->beat_valid = random_.chance(60);
    const Frame& frame = started_.empty() ? next_ : started_.front();
    dispatch_->beat_last = beat_ + 1 == frame.beats;
    dispatch_->exception_ready = random_.chance(ready_chance_);
    dispatch_->align_ready = random_.chance(ready_chance_);
  }

  /// A job starts all that belongs to it, or nothing.
  void check_job() {
    const bool align_room = dispatch_->align_job_ready && dispatch_->payload_echo_ready;
    bool ready = started_.size() < kRoutes;
    if (next_.is_exception()) ready = ready && dispatch_->exception_job_ready;
    if (next_.is_ping()) ready = ready && align_room && dispatch_->key_ready && dispatch_->ping_ready;
    if (next_.is_echo()) ready = ready && align_room && dispatch_->echo_ready;
    const bool fire = ready && dispatch_->job_valid;
    if (dispatch_->job_valid) ASSERT_EQ(dispatch_->job_ready, ready) << "frame " << next_.number;
    ASSERT_EQ(dispatch_->exception_job_valid, fire && next_.is_exception());
    ASSERT_EQ(dispatch_->align_job_valid, fire && !next_.is_exception());
    ASSERT_EQ(dispatch_->payload_echo_valid, fire && !next_.is_exception());
    ASSERT_EQ(dispatch_->key_valid, fire && next_.is_ping());
    ASSERT_EQ(dispatch_->ping_valid, fire && next_.is_ping());
    ASSERT_EQ(dispatch_->echo_valid, fire && next_.is_echo());
    if (fire) check_started();
  }

  void check_started() {
    if (next_.is_exception()) {
      ASSERT_EQ(dispatch_->exception_number, next_.number);
      return;
    }
    ASSERT_EQ(dispatch_->payload_echo, next_.is_echo());
    const unsigned nested = next_.control_length - kControlHeaderBytes;
    ASSERT_EQ(dispatch_->align_offset, next_.offset() % kBeatBytes);
    ASSERT_EQ(dispatch_->align_length, next_.is_ping() ? nested : next_.echo_length);
    if (next_.is_echo()) ASSERT_EQ(dispatch_->echo_number, next_.number);
    if (!next_.is_ping()) return;
    ASSERT_EQ(dispatch_->ping_number, next_.number);
    ASSERT_EQ(dispatch_->key_sa, next_.sa);
    ASSERT_EQ(dispatch_->key_length, nested);
  }

  /// Beats go where the job of their frame went, and wait for it.
  void check_beat() {
    const bool known = !started_.empty();
    const bool exception = known && started_.front().is_exception();
    ASSERT_EQ(dispatch_->exception_valid, dispatch_->beat_valid && exception);
    // What is in front of the beat with the begin of a cut ends here.
    const bool in_front = known && !exception && beat_ < started_.front().offset() / kBeatBytes;
    ASSERT_EQ(dispatch_->align_valid, dispatch_->beat_valid && known && !exception && !in_front);
    const bool ready = exception ? dispatch_->exception_ready : in_front || dispatch_->align_ready;
    if (dispatch_->beat_valid) ASSERT_EQ(dispatch_->beat_ready, known && ready);
  }

  void advance() {
    const bool ended = dispatch_->beat_valid && dispatch_->beat_ready && dispatch_->beat_last;
    if (dispatch_->beat_valid && dispatch_->beat_ready) ++beat_;
    if (ended) {
      started_.pop_front();
      beat_ = 0;
      ++finished_;
    }
    if (dispatch_->job_valid && dispatch_->job_ready) {
      started_.push_back(next_);
      next_ = random_frame();
    }
    farthest_ = std::max(farthest_, started_.size());
  }

  unsigned ready_chance_;
  RandomSource random_;
  Clocked<Vdispatch_bench> dispatch_;
  Frame next_{};
  std::deque<Frame> started_;  // jobs taken whose beats have not all been
  std::uint32_t numbers_ = 0;
  unsigned beat_ = 0;
  int finished_ = 0;
  std::size_t farthest_ = 0;
};

TEST(Dispatch, StartsAllThatAFrameNeedsAtOnce) {
  DispatchRun run(70);
  run.run(30000);
  EXPECT_GT(run.finished(), 2000);
}

TEST(Dispatch, RunsAheadOfTheBeatsByFourJobs) {
  DispatchRun run(100);
  run.run(5000);
  EXPECT_EQ(run.farthest(), kRoutes);
}

}  // namespace
}  // namespace sapulse::test
