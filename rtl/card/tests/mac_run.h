// SPDX-License-Identifier: Apache-2.0
// Random frames both ways through mac_bench, and what has to come out of it.
#pragma once

#include <Vmac_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <vector>

#include "frames.h"
#include "public_memory.h"
#include "two_clocks.h"

namespace sapulse::test {

/// One side that offers frames: beat by beat, when told to.
class FrameSource {
 public:
  FrameSource(RandomSource& random, std::size_t longest, unsigned bad_chance)
      : random_(random), longest_(longest), bad_chance_(bad_chance) {
    renew();
  }
  const Beat& beat() const { return frame_[next_]; }
  const Frame& frame() const { return frame_; }
  bool inside() const { return next_ > 0; }
  /// The beat has been taken. Returns whether it was the last one of its frame.
  bool advance() {
    if (++next_ < frame_.size()) return false;
    finished_ = frame_;
    renew();
    return true;
  }
  const Frame& finished() const { return finished_; }
  void renew() {
    frame_ = random_frame(random_, longest_, bad_chance_);
    next_ = 0;
  }

 private:
  RandomSource& random_;
  std::size_t longest_;
  unsigned bad_chance_;
  Frame frame_, finished_;
  std::size_t next_ = 0;
};

constexpr unsigned kBeatBits =
    576;  // of data and keep; behind them are the end of the frame, what guards it and parity

struct Settings {
  unsigned rx_chance = 50, core_ready_chance = 80, core_valid_chance = 70, tx_ready_chance = 80;
  std::size_t longest = 8;
  unsigned bad_chance = 10;
};

class MacRun {
 public:
  explicit MacRun(const Settings& settings)
      : settings_(settings),
        bench_(
            random_, [](Vmac_bench& m) -> CData& { return m.mac_clk; },
            [](Vmac_bench& m) -> CData& { return m.core_clk; }, Ratio::within_three),
        rx_(random_, settings.longest, settings.bad_chance),
        tx_(random_, settings.longest, settings.bad_chance) {
    bench_->mac_rst = bench_->core_rst = 1;
    bench_->up = 0;
    idle(300);
    bench_->mac_rst = bench_->core_rst = 0;
    bench_->up = 1;
    idle(300);
  }

  void run(int edges) {
    for (int i = 0; i < edges && !::testing::Test::HasFatalFailure(); ++i) step();
  }

  /// The core is reset in the middle of everything; frames under way may be lost, whole.
  void reset_core() {
    bench_->core_rst = 1;
    may_lose_ = true;
    run(300);
    sent_to_core_.clear();
    bench_->core_rst = 0;
    run(300);
  }
  /// The MAC is reset in the middle of everything; what it has begun is cut off.
  void reset_mac() {
    bench_->mac_rst = 1;
    may_lose_ = true;
    run(100);
    bench_->mac_rst = 0;
    run(100);
  }
  void set_up(bool up) {
    bench_->up = up;
    may_lose_ = true;
  }
  /// From now on no frame begins; those that have come to their ends.
  void end_sources() {
    settings_.rx_chance = settings_.core_valid_chance = 0;
    draining_ = true;
    run(100);
  }
  /// Lets everything that is in the bench come out.
  void drain() {
    end_sources();
    settings_.core_ready_chance = settings_.tx_ready_chance = 100;
    run(4000);
    EXPECT_EQ(rx_frames_out_ + bench_->lost, rx_frames_in_);
  }

  std::size_t rx_out() const { return rx_frames_out_; }
  std::size_t tx_out() const { return tx_frames_out_; }
  std::size_t tx_in() const { return tx_frames_in_; }
  std::uint32_t lost() { return bench_->lost; }

  /// Flips a bit of one of the memories, often one of those that say where frames end. A frame may come out marked bad
  /// from now on, and one may be missing on its way to the MAC, which sends no bad ones.
  void flip() {
    flipped_ = may_lose_ = true;
    const PublicMemory& memory = memories_[random_.below(memories_.size())];
    const unsigned first = random_.chance(50) ? 0 : std::min(kBeatBits, memory.width - 1);
    memory.flip(static_cast<unsigned>(random_.below(memory.entries)),
                first + static_cast<unsigned>(random_.below(memory.width - first)));
  }
  /// Flips one of the copies of what says whether a beat is the last of its frame, in all that is kept.
  void flip_ends() {
    flipped_ = may_lose_ = true;
    for (const PublicMemory& memory : memories_) {
      for (unsigned entry = 0; entry < memory.entries; ++entry)
        memory.flip(entry, std::min(kBeatBits, memory.width - 1));
    }
  }
  /// Frames that have come out with other contents than they went in with, all of them marked bad.
  std::size_t damaged() const { return damaged_; }

 private:
  void idle(int edges) {
    bench_->rx_valid = bench_->core_tx_valid = bench_->core_rx_ready = bench_->tx_ready = 0;
    for (int i = 0; i < edges; ++i) bench_.edge();
  }

  void step() {
    const auto edges = bench_.upcoming();
    bench_.settle();
    if (edges.first) mac_side();
    if (edges.second) core_side();
    bench_.edge();
    if (edges.first) {
      bench_->rx_valid = !bench_->mac_rst && random_.chance(rx_.inside() && draining_ ? 100 : settings_.rx_chance);
      put(bench_->rx_beat, rx_.beat());
      bench_->tx_ready = random_.chance(settings_.tx_ready_chance);
    }
    if (edges.second) {
      // A beat on offer stays until it is taken.
      if (!(bench_->core_tx_valid && !taken_)) {
        bench_->core_tx_valid =
            !bench_->core_rst && random_.chance(tx_.inside() && draining_ ? 100 : settings_.core_valid_chance);
        put(bench_->core_tx_beat, tx_.beat());
      }
      if (bench_->core_rst) {
        bench_->core_tx_valid = 0;
        tx_.renew();
      }
      bench_->core_rx_ready = !bench_->core_rst && random_.chance(settings_.core_ready_chance);
    }
  }

  void mac_side() {
    if (bench_->mac_rst) {
      rx_.renew();
      tx_frame_.clear();
      return;
    }
    if (bench_->rx_valid && rx_.advance()) {
      ++rx_frames_in_;
      sent_to_core_.push_back(rx_.finished());
    }
    // Once a frame has begun, every cycle brings a beat.
    if (!tx_frame_.empty()) ASSERT_TRUE(bench_->tx_valid) << "gap within a frame";
    if (!bench_->tx_valid || !bench_->tx_ready) return;
    tx_frame_.push_back(get(bench_->tx_beat));
    if (!tx_frame_.back().last) return;
    ++tx_frames_out_;
    match("to the MAC", tx_frame_, sent_to_mac_, may_lose_);
    tx_frame_.clear();
  }

  void core_side() {
    taken_ = bench_->core_tx_valid && bench_->core_tx_ready;
    if (taken_ && tx_.advance()) {
      ++tx_frames_in_;
      // A bad one goes on, still marked bad, if it is the mark that has flipped.
      if (!tx_.finished().back().bad || flipped_) sent_to_mac_.push_back(tx_.finished());
    }
    if (bench_->core_rst) rx_frame_.clear();
    if (bench_->core_rst || !bench_->core_rx_valid || !bench_->core_rx_ready) return;
    rx_frame_.push_back(get(bench_->core_rx_beat));
    if (!rx_frame_.back().last) return;
    ++rx_frames_out_;
    match("to the core", rx_frame_, sent_to_core_, true);
    rx_frame_.clear();
  }

  /// The frame is one of those sent, in order; others may be missing before it only if some may be lost. One that a
  /// flip has marked bad is as long as one that was sent.
  void match(const char* way, const Frame& frame, std::deque<Frame>& sent, bool may_be_lost) {
    if (flipped_ && frame.back().bad) {
      while (!sent.empty() && !alike(sent.front(), frame)) sent.pop_front();
      ASSERT_FALSE(sent.empty()) << way << ": a bad frame of " << frame.size() << " beats that was not sent";
      damaged_ += sent.front() == frame ? 0 : 1;
      sent.pop_front();
      return;
    }
    while (may_be_lost && !sent.empty() && sent.front() != frame) sent.pop_front();
    ASSERT_FALSE(sent.empty()) << way << ": a frame of " << frame.size()
                               << " beats that was not sent, or not in this order";
    ASSERT_EQ(frame, sent.front());
    sent.pop_front();
  }

  /// Of the same length, and at most one beat has other contents.
  static bool alike(const Frame& sent, const Frame& frame) {
    if (sent.size() != frame.size()) return false;
    std::size_t others = 0;
    for (std::size_t i = 0; i < frame.size(); ++i) {
      others += sent[i].data == frame[i].data && frame[i].filled ? 0 : 1;
    }
    return others <= 1;
  }

  RandomSource random_;
  Settings settings_;
  TwoClocks<Vmac_bench> bench_;
  FrameSource rx_, tx_;
  std::deque<Frame> sent_to_core_, sent_to_mac_;
  Frame rx_frame_, tx_frame_;
  std::size_t rx_frames_in_ = 0, rx_frames_out_ = 0, tx_frames_in_ = 0, tx_frames_out_ = 0;
  std::size_t damaged_ = 0;
  bool taken_ = false, may_lose_ = false, draining_ = false, flipped_ = false;
  std::vector<PublicMemory> memories_ = public_memories(bench_.context());
};

}  // namespace sapulse::test
