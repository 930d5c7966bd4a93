// SPDX-License-Identifier: Apache-2.0
#include <Vreply_mux_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

enum Kind : unsigned { sealed, echo };

struct Packet {
  std::uint32_t number;
  unsigned beats;
  Kind kind;
};

/// The parts of a source's packets arrive independently: beats, header job and (sealed) ICV.
struct Source {
  unsigned chance = 0, header_chance = 0;
  std::deque<Packet> beats, headers, icvs;
  unsigned beat = 0;
  int begun = 0, chosen = 0;
};

class MuxRun {
 public:
  MuxRun(unsigned sealed_chance, unsigned echo_chance, unsigned ready_chance) : ready_chance_(ready_chance) {
    sources_[sealed].chance = sources_[sealed].header_chance = sealed_chance;
    sources_[echo].chance = sources_[echo].header_chance = echo_chance;
  }

  void set_header_chance(Kind kind, unsigned chance) { sources_[kind].header_chance = chance; }

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  [[nodiscard]] int delivered(Kind kind) const { return delivered_[kind]; }
  /// Packets chosen before their first beat.
  [[nodiscard]] int early() const { return early_; }

 private:
  void step() {
    for (const Kind kind : {sealed, echo}) refill(kind);
    Source &s = sources_[sealed], &e = sources_[echo];
    offer(s, mux_->sealed_valid, mux_->sealed_data, mux_->sealed_last, mux_->sealed_header_valid, mux_->sealed_number);
    offer(e, mux_->echo_valid, mux_->echo_data, mux_->echo_last, mux_->echo_header_valid, mux_->echo_number);
    mux_->sealed_icv_valid = random_.chance(s.chance);
    mux_->sealed_icv_number = s.icvs.front().number;
    mux_->header_ready = random_.chance(ready_chance_);
    mux_->payload_ready = random_.chance(ready_chance_);
    mux_->icv_ready = random_.chance(ready_chance_);
    mux_->answer_ready = random_.chance(ready_chance_);
    mux_.settle();
    check_choice();
    check_header();
    check_payload();
    check_icv();
    take(s, mux_->sealed_valid && mux_->sealed_ready);
    take(e, mux_->echo_valid && mux_->echo_ready);
    mux_.tick();
  }

  void refill(Kind kind) {
    Source& source = sources_[kind];
    while (source.beats.size() < 2 || source.headers.size() < 2 || source.icvs.size() < 2) {
      const Packet packet{++numbers_, static_cast<unsigned>(1 + random_.below(6)), kind};
      source.beats.push_back(packet);
      source.headers.push_back(packet);
      source.icvs.push_back(packet);
    }
  }

  template <class Flag, class Word>
  void offer(const Source& source, Flag& valid, Word& data, Flag& last, Flag& header_valid, Word& number) {
    const Packet& packet = source.beats.front();
    valid = random_.chance(source.chance);
    data = packet.number << 8 | source.beat;
    last = source.beat + 1 == packet.beats;
    header_valid = random_.chance(source.header_chance);
    number = source.headers.front().number;
  }

  void take(Source& source, bool taken) {
    if (!taken) return;
    if (source.beat == 0) ++source.begun;
    if (++source.beat < source.beats.front().beats) return;
    source.beats.pop_front();
    source.beat = 0;
  }

  /// A packet is chosen when its header job is there, and of an echo its first beat, and all that follows has room.
  void check_choice() {
    const bool choose_sealed = mux_->sealed_header_valid && mux_->sealed_header_ready;
    const bool choose_echo = mux_->echo_header_valid && mux_->echo_header_ready;
    ASSERT_FALSE(choose_sealed && choose_echo);
    ASSERT_EQ(mux_->answer_valid && mux_->answer_ready, choose_sealed || choose_echo);
    if (!choose_sealed && !choose_echo) return;
    Source& source = sources_[choose_echo];
    if (choose_echo) ASSERT_LT(source.chosen, source.begun) << "chosen before its first beat";
    if (choose_sealed && source.chosen >= source.begun) ++early_;
    ++source.chosen;
    const Packet packet = source.headers.front();
    source.headers.pop_front();
    ASSERT_EQ(mux_->answer_number, packet.number & 3);
    headers_.push_back(packet);
    payloads_.push_back(packet);
    icvs_.push_back(packet);
  }

  void check_header() {
    if (!mux_->header_valid || !mux_->header_ready) return;
    ASSERT_FALSE(headers_.empty());
    ASSERT_EQ(mux_->header_number, headers_.front().number);
    headers_.pop_front();
  }

  void check_payload() {
    if (!mux_->payload_valid || !mux_->payload_ready) return;
    ASSERT_FALSE(payloads_.empty());
    const Packet packet = payloads_.front();
    ASSERT_EQ(mux_->payload_data, packet.number << 8 | out_beat_);
    const bool last = ++out_beat_ == packet.beats;
    ASSERT_EQ(mux_->payload_last, last);
    if (!last) return;
    payloads_.pop_front();
    out_beat_ = 0;
    ++delivered_[packet.kind];
  }

  /// One for each packet in the order of the choices; an echo's says that there is none.
  void check_icv() {
    const bool given = mux_->icv_valid && mux_->icv_ready;
    bool is_sealed = false;
    if (given) {
      ASSERT_FALSE(icvs_.empty());
      is_sealed = icvs_.front().kind == sealed;
      ASSERT_EQ(mux_->icv_present, is_sealed);
      ASSERT_EQ(mux_->icv_number, is_sealed ? icvs_.front().number : 0);
      icvs_.pop_front();
    }
    ASSERT_EQ(mux_->sealed_icv_valid && mux_->sealed_icv_ready, given && is_sealed);
    if (given && is_sealed) sources_[sealed].icvs.pop_front();
  }

  unsigned ready_chance_;
  RandomSource random_;
  Clocked<Vreply_mux_bench> mux_;
  std::array<Source, 2> sources_;
  std::deque<Packet> headers_, payloads_, icvs_;  // chosen, not yet seen at that output
  std::uint32_t numbers_ = 0;
  unsigned out_beat_ = 0;
  std::array<int, 2> delivered_{};
  int early_ = 0;
};

TEST(ReplyMux, KeepsThePartsOfPacketsTogether) {
  MuxRun run(60, 60, 70);
  run.run(40000);
  EXPECT_GT(run.delivered(sealed), 1000);
  EXPECT_GT(run.delivered(echo), 1000);
}

TEST(ReplyMux, HeadersOfSealedPacketsDoNotWaitForTheirBeats) {
  MuxRun run(30, 30, 100);
  run.set_header_chance(sealed, 100);
  run.run(20000);
  EXPECT_GT(run.early(), 1000);
}

TEST(ReplyMux, TheSourcesTakeTurns) {
  MuxRun run(100, 100, 100);
  run.run(20000);
  EXPECT_GT(run.delivered(sealed), 1000);
  EXPECT_NEAR(run.delivered(sealed), run.delivered(echo), 10);
}

TEST(ReplyMux, SlowPingsDoNotHoldUpEchoes) {
  MuxRun slow_sealed(100, 100, 100);
  slow_sealed.set_header_chance(sealed, 1);  // their beats follow soon
  slow_sealed.run(10000);
  EXPECT_GT(slow_sealed.delivered(echo), 1000);
}

TEST(ReplyMux, SlowEchoesDoNotHoldUpPings) {
  MuxRun slow_echo(100, 3, 100);
  slow_echo.run(10000);
  EXPECT_GT(slow_echo.delivered(sealed), 1000);
}

}  // namespace
}  // namespace sapulse::test
