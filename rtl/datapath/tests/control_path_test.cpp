// SPDX-License-Identifier: Apache-2.0
// Nothing gets stuck in the control path: bursts of short and jumbo frames of every kind, while answers and exceptions
// are held back for a long time; afterwards every frame taken has ended, in the way of its kind.
#include <Vcontrol_path_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "random_source.h"

namespace sapulse::test {
namespace {

enum Kind : unsigned {
  ping = 0,
  reply = 1,
  host_frame = 2,
  own_reply = 3,
  echo = 4,
  keepalive = 5,
  moved = 6,
  own_moved = 7,
  replay = 8,
  kinds = 9
};
constexpr unsigned kLongest = 144;      // beats
constexpr unsigned kPatience = 20'000;  // cycles in which nothing ends: it is stuck

struct Frame {
  Kind kind;
  unsigned beats;
};

/// Runs of frames of one kind each, so that every part of the path gets full, with others among them.
std::vector<Frame> bursts(RandomSource& random) {
  std::vector<Frame> frames;
  for (unsigned i = 0; i < 20 * kinds; ++i) {
    const std::uint64_t count = random.below(9);
    for (unsigned k = 0; k < count; ++k) {
      const Kind kind = static_cast<Kind>(random.chance(20) ? random.below(kinds) : i % kinds);
      const bool jumbo = kind != host_frame && random.chance(70);
      frames.push_back(
          {kind, jumbo ? kLongest : 1 + static_cast<unsigned>(random.below(kind == host_frame ? 4 : kLongest))});
    }
  }
  return frames;
}

class ControlPath : public ::testing::Test {
 protected:
  ControlPath() : dut_(std::make_unique<Vcontrol_path_bench>()) {
    dut_->in_valid = 0;
    dut_->in_epoch = 0;
    dut_->tx_ready = 0;
    dut_->exc_ready = 0;
    dut_->rst = 1;
    for (unsigned i = 0; i < 4; ++i) tick();
    dut_->rst = 0;
    taken_ = {};
  }
  ~ControlPath() override { dut_->final(); }

  void tick() {
    dut_->clk = 0;
    dut_->eval();
    if (!dut_->rst) {
      if (dut_->taken) ++taken_[dut_->in_kind];
      answered_ += dut_->answered;
      echoed_ += dut_->echoed;
      kept_ += dut_->kept;
      delivered_ += dut_->delivered + dut_->lost;
      refused_ += dut_->refused;
      replayed_ += dut_->replayed;
      const bool ended = dut_->answered || dut_->echoed || dut_->kept || dut_->delivered || dut_->lost ||
                         dut_->refused || dut_->replayed;
      quiet_ = ended ? 0 : quiet_ + 1;
    }
    dut_->clk = 1;
    dut_->eval();
  }

  /// One cycle with the outputs as ready as this weather has it.
  void weather() {
    if (weather_left_ == 0) {
      holding_ = !holding_;
      weather_left_ = 1 + static_cast<unsigned>(random_.below(3000));
    }
    --weather_left_;
    dut_->tx_ready = holding_ ? random_.chance(5) : true;
    dut_->exc_ready = random_.chance(90);
    tick();
  }

  void send(const Frame& frame) {
    for (unsigned beat = 0; beat < frame.beats; ++beat) {
      dut_->in_valid = 1;
      dut_->in_kind = frame.kind;
      dut_->in_last = beat + 1 == frame.beats;
      weather();
    }
    dut_->in_valid = 0;
  }

  void drain() {
    dut_->tx_ready = 1;
    dut_->exc_ready = 1;
    quiet_ = 0;
    do {
      tick();
    } while (!dut_->idle && quiet_ < kPatience);
  }

  RandomSource random_;
  std::unique_ptr<Vcontrol_path_bench> dut_;
  std::array<unsigned, kinds> taken_{};
  unsigned answered_ = 0;
  unsigned echoed_ = 0;
  unsigned kept_ = 0;
  unsigned delivered_ = 0;
  unsigned refused_ = 0;
  unsigned replayed_ = 0;

 private:
  bool holding_ = false;
  unsigned weather_left_ = 0;
  unsigned quiet_ = 0;
};

TEST_F(ControlPath, EveryFrameTakenEnds) {
  for (unsigned round = 0; round < 15; ++round) {
    dut_->in_epoch = round % 2;
    for (const Frame& frame : bursts(random_)) send(frame);
    drain();
    ASSERT_TRUE(dut_->idle) << "stuck in round " << round;
    ASSERT_EQ(answered_, taken_[ping] + taken_[moved]);
    ASSERT_EQ(echoed_, taken_[echo]);
    ASSERT_EQ(kept_, taken_[keepalive]);
    ASSERT_EQ(delivered_, taken_[reply] + taken_[host_frame] + taken_[moved] + taken_[own_moved]);
    ASSERT_EQ(refused_, taken_[own_reply] + taken_[own_moved]);
    ASSERT_EQ(replayed_, taken_[replay]);
  }
  EXPECT_GT(answered_, 300u);
  EXPECT_GT(echoed_, 300u);
  EXPECT_GT(kept_, 300u);
  EXPECT_GT(delivered_, 500u);
  EXPECT_GT(refused_, 400u);
  EXPECT_GT(replayed_, 200u);
}

}  // namespace
}  // namespace sapulse::test
