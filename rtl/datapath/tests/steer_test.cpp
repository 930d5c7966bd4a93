// SPDX-License-Identifier: Apache-2.0
#include <Vsteer_bench.h>
#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Counter;

constexpr unsigned kRouteException = 0, kRoutePing = 1, kRouteEcho = 2;
constexpr unsigned kLongestControlFrame = 9216;

struct Frame {
  std::uint32_t number;
  unsigned length, ip_end;
  bool user, pass, take, copy, fragment, limited, data_seen, epoch;
  unsigned route;
  Counter drop;

  [[nodiscard]] unsigned beats() const { return (length + 63) / 64; }
  [[nodiscard]] bool bad_length() const { return length < ip_end || length > kLongestControlFrame; }
};

class SteerRun {
 public:
  SteerRun(unsigned valid_chance, unsigned core_chance, unsigned room_chance)
      : valid_chance_(valid_chance), core_chance_(core_chance), room_chance_(room_chance) {
    begin_frame();
  }

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  [[nodiscard]] int taken() const { return taken_; }
  [[nodiscard]] int taken_sooner() const { return taken_sooner_; }
  [[nodiscard]] int passed() const { return passed_; }
  [[nodiscard]] int stalls() const { return stalls_; }

 private:
  void begin_frame() {
    Frame f{};
    f.number = ++numbers_;
    f.length = static_cast<unsigned>(random_.chance(2) ? 9000 + random_.below(7000) : 1 + random_.below(400));
    f.ip_end =
        static_cast<unsigned>(random_.chance(90) ? random_.below(f.length + 1) : f.length + 1 + random_.below(9));
    f.user = random_.chance(10);
    f.pass = random_.chance(50);
    // A frame that passes is taken as a copy only, so it is none that has entered.
    f.take = random_.chance(f.pass ? 20 : 70);
    f.copy = f.pass ? f.take : random_.chance(20);
    f.route = f.pass || f.copy ? kRouteException : static_cast<unsigned>(random_.below(3));
    f.fragment = f.pass && random_.chance(20);
    f.limited = !f.take && random_.chance(20);
    f.data_seen = f.pass && !f.take && random_.chance(40);
    f.drop = static_cast<Counter>(17 + random_.below(19));
    f.epoch = random_.chance(50);
    frame_ = f;
    unmeasured_.push_back(f);
    beat_ = 0;
    decision_offered_ = false;
  }

  void step() {
    drive();
    steer_.settle();
    check_core();
    check_control();
    advance();
    steer_.tick();
  }

  void drive() {
    steer_->beat_valid = random_.chance(valid_chance_);
    steer_->beat_data = frame_.number << 8 | beat_;
    steer_->beat_last = beat_ + 1 == frame_.beats();
    steer_->beat_user = steer_->beat_last && frame_.user;
    const unsigned bytes = frame_.length - 64 * beat_;
    steer_->beat_keep = bytes >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bytes) - 1;
    decision_offered_ = decision_offered_ || random_.chance(80);
    steer_->decision_valid = decision_offered_ && beat_ == 0;
    steer_->pass = frame_.pass;
    steer_->take = frame_.take;
    steer_->copy = frame_.copy;
    steer_->is_fragment = frame_.fragment;
    steer_->limited = frame_.limited;
    steer_->data_seen = frame_.data_seen;
    steer_->drop = static_cast<unsigned>(frame_.drop);
    steer_->route = frame_.route;
    steer_->epoch = frame_.epoch;
    steer_->ip_end = frame_.ip_end;
    steer_->number = frame_.number;
    drive_measure();
    steer_->core_ready = random_.chance(core_chance_);
    // A frame of which the control path has been told fits.
    steer_->control_overflow = !told_ && !random_.chance(room_chance_);
    steer_->control_half = random_.chance(50);
    steer_->job_ready = random_.chance(room_chance_);
    steer_->crowded = random_.chance(50);
    steer_->over = random_.chance(30);
  }

  /// The length of a frame is known when its last beat leaves, or sooner.
  void drive_measure() {
    const bool ends = !ending_.empty() && ending_.front().cycle == cycle_ && ending_.front().last;
    measured_ = measured_ || ends || random_.chance(10);
    const Frame& f = unmeasured_.front();
    steer_->measure_valid = measured_;
    steer_->measure_length = static_cast<std::uint16_t>(f.length);
    steer_->measure_bad = f.user;
  }

  /// Passed beats move in the same cycle; nothing but the core side may stall.
  void check_core() {
    const bool decided = beat_ > 0 || steer_->decision_valid;
    const bool stalls = !decided || (frame_.pass && !steer_->core_ready);
    ASSERT_EQ(steer_->beat_ready, !stalls) << "frame " << frame_.number;
    ASSERT_EQ(steer_->core_valid, steer_->beat_valid && decided && frame_.pass);
    if (steer_->core_valid) {
      ASSERT_EQ(steer_->core_data, frame_.number << 8 | beat_);
      ASSERT_EQ(steer_->core_last, beat_ + 1 == frame_.beats());
      ASSERT_EQ(steer_->core_user, steer_->beat_user);
    }
    ASSERT_EQ(steer_->decision_ready, steer_->beat_valid && steer_->beat_ready && beat_ == 0);
  }

  void check_control() {
    const bool expects = !ending_.empty() && ending_.front().cycle == cycle_;
    ASSERT_EQ(steer_->measure_ready, expects && ending_.front().last);
    ASSERT_EQ(steer_->done, steer_->measure_ready);
    if (!expects) {
      ASSERT_FALSE(steer_->control_valid || steer_->job_valid || steer_->result_valid || steer_->leave_valid);
      ASSERT_FALSE(steer_->data_valid || steer_->copy_lost || steer_->fragment);
      return;
    }
    const Ending e = ending_.front();
    ending_.pop_front();
    const Frame& f = e.frame;
    const bool shut = steer_->crowded && (steer_->over || f.route == kRouteEcho);
    const bool room = !steer_->control_overflow && steer_->job_ready && !shut;
    const bool fits = room && (e.last || !steer_->control_half);
    const bool tells = f.take && !told_ && measured_ && !f.user && !f.bad_length() && fits;
    ASSERT_EQ(steer_->job_valid, tells);
    if (tells) check_job(f, e.last);
    told_ = told_ || tells;
    ASSERT_EQ(steer_->control_valid, f.take);
    if (f.take) {
      ASSERT_EQ(steer_->control_data, f.number << 8 | e.beat);
      ASSERT_EQ(steer_->control_last, e.last);
      ASSERT_EQ(steer_->control_keep, told_);
    }
    if (!e.last) return;
    check_end(f, told_, room);
    told_ = measured_ = false;
    unmeasured_.pop_front();
  }

  void check_job(const Frame& f, bool last) {
    ++taken_;
    taken_sooner_ += !last;
    ASSERT_EQ(steer_->job_received, f.number);
    ASSERT_EQ(steer_->job_length, f.length);
    ASSERT_EQ(steer_->holder, f.number & 0xffff);
  }

  void check_end(const Frame& f, bool taken, bool room) {
    Counter expected = f.drop;
    if (f.pass) {
      expected = Counter::passed;
      ++passed_;
    } else if (f.user) {
      expected = Counter::drop_mac_error;
    } else if (f.copy) {
      expected = f.drop;
    } else if (f.take && f.bad_length()) {
      expected = Counter::drop_ip_length;
    } else if (f.take) {
      expected = Counter::drop_overflow;
    }
    ASSERT_EQ(steer_->result_valid, f.pass || f.copy || !taken);
    if (steer_->result_valid) ASSERT_EQ(steer_->result, static_cast<unsigned>(expected));
    ASSERT_EQ(steer_->fragment, f.fragment);
    const bool no_room_for_copy = f.copy && f.take && !f.bad_length() && !taken && !room;
    ASSERT_EQ(steer_->copy_lost, !f.user && (f.limited || no_room_for_copy));
    ASSERT_EQ(steer_->leave_valid, f.data_seen || (f.take && f.route == kRoutePing && !taken));
    if (steer_->leave_valid) ASSERT_EQ(steer_->leave_epoch, f.epoch);
    ASSERT_EQ(steer_->data_valid, f.data_seen && !f.user);
    if (steer_->data_valid) ASSERT_EQ(steer_->data_sequence, f.number);
  }

  void advance() {
    if (steer_->beat_valid && steer_->beat_ready) ASSERT_EQ(steer_->asked, frame_.number & 0xffff);
    if (steer_->beat_valid && !steer_->beat_ready) ++stalls_;
    if (steer_->beat_valid && steer_->beat_ready) {
      const bool last = beat_ + 1 == frame_.beats();
      ending_.push_back({cycle_ + 2, frame_, beat_, last});
      ++beat_;
      if (last) begin_frame();
    }
    ++cycle_;
  }

  struct Ending {
    int cycle;
    Frame frame;
    unsigned beat;
    bool last;
  };
  unsigned valid_chance_, core_chance_, room_chance_;
  RandomSource random_;
  Clocked<Vsteer_bench> steer_;
  Frame frame_{};
  std::uint32_t numbers_ = 0;
  unsigned beat_ = 0;
  bool decision_offered_ = false;
  std::deque<Frame> unmeasured_;          // whose end has not been told
  bool measured_ = false, told_ = false;  // of the first of them: its length is known; the control path has been told
  std::deque<Ending> ending_;             // beats on their way to the control path, two cycles
  int cycle_ = 0, taken_ = 0, taken_sooner_ = 0, passed_ = 0, stalls_ = 0;
};

TEST(Steer, SendsFramesWhereTheirDecisionsSay) {
  SteerRun run(70, 70, 80);
  run.run(50000);
  EXPECT_GT(run.taken(), 500);
  EXPECT_GT(run.taken_sooner(), 100);
  EXPECT_GT(run.passed(), 500);
}

TEST(Steer, NeverWaitsForTheControlPath) {
  SteerRun run(100, 100, 0);
  run.run(20000);
  EXPECT_EQ(run.taken(), 0);
  EXPECT_GT(run.passed(), 300);
}

TEST(Steer, TakesEverythingThatHasRoom) {
  SteerRun run(100, 50, 100);
  run.run(20000);
  EXPECT_GT(run.taken(), 300);
}

}  // namespace
}  // namespace sapulse::test
