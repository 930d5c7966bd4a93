// SPDX-License-Identifier: Apache-2.0
// Every packet goes where its fate says, whole and in order, and nowhere before its fate is known.
#include <Vopen_gate_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <optional>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Cause;
using regs::Counter;

enum class Fate : std::uint8_t { reply, match, host, nobody };
enum Message : std::uint8_t { echo_request = 1, echo_reply = 2, error_protected = 4 };

struct Packet {
  std::uint32_t number;
  unsigned beats;
  Fate fate;
  Counter counter;
  Message message;
  bool epoch;
};

/// Chances in percent of what surrounds the gate.
struct Chances {
  unsigned beat = 70, fate = 70, context = 70, usable = 80, ready = 70, grant = 50, pass = 70;
};

class GateRun {
 public:
  explicit GateRun(const Chances& chances) : chances_(chances) {}

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }

  /// Offers packets of this kind alone, instead of every kind.
  void only(Fate fate, unsigned beats) { only_ = {fate, beats}; }
  void set(const Chances& chances) { chances_ = chances; }

  /// Offers nothing new and lets everything out.
  void drain() {
    draining_ = true;
    chances_ = {.beat = 100, .fate = 100, .context = 100, .usable = 100, .ready = 100, .grant = 100};
    run(4000);
    EXPECT_TRUE(fates_.empty());
    EXPECT_FALSE(leaving_);
  }

  /// Packets by what has become of them.
  [[nodiscard]] int seen(const char* end) const { return seen_.contains(end) ? seen_.at(end) : 0; }
  [[nodiscard]] int beats_in() const { return beats_in_; }
  [[nodiscard]] int beats_out() const { return beats_out_; }

 private:
  void step() {
    while (!draining_ && (fates_.size() < 8 || beats_.size() < 8)) make_packet();
    offer();
    gate_.settle();
    check_beat();
    check_start();
    const bool beat = gate_->plain_valid && gate_->plain_ready;
    const bool fate = gate_->fate_valid && gate_->fate_ready;
    const bool context = gate_->context_valid && gate_->context_ready;
    gate_.tick();
    if (beat) next_beat();
    if (fate) fates_.pop_front();
    if (context) contexts_.pop_front();
    // Offers that have been taken are over.
    gate_->plain_valid = gate_->plain_valid && !beat;
    gate_->fate_valid = gate_->fate_valid && !fate;
    gate_->context_valid = gate_->context_valid && !context;
  }

  void make_packet() {
    constexpr std::array kMessages{echo_request, echo_reply, error_protected};
    constexpr std::array kRefusals{Counter::drop_icv, Counter::drop_replay, Counter::drop_padding, Counter::drop_body};
    Packet packet{.number = ++numbers_,
                  .beats = static_cast<unsigned>(1 + random_.below(random_.chance(3) ? 144 : 4)),
                  .fate = static_cast<Fate>(random_.below(4)),
                  .counter = kRefusals[random_.below(kRefusals.size())],
                  .message = kMessages[random_.below(kMessages.size())],
                  .epoch = random_.chance(50)};
    if (only_) {
      packet.fate = only_->first;
      packet.beats = only_->second;
    }
    if (packet.fate == Fate::reply) contexts_.push_back(random_.chance(chances_.usable));
    fates_.push_back(packet);
    beats_.push_back(packet);
  }

  /// An offer stands until it has been taken.
  void offer() {
    if (!gate_->plain_valid) gate_->plain_valid = !beats_.empty() && random_.chance(chances_.beat);
    if (!beats_.empty()) {
      gate_->plain_data = beats_.front().number << 8 | in_beat_;
      gate_->plain_last = in_beat_ + 1 == beats_.front().beats;
    }
    if (!gate_->fate_valid) gate_->fate_valid = !fates_.empty() && random_.chance(chances_.fate);
    if (!fates_.empty()) {
      const Packet& packet = fates_.front();
      gate_->fate_reply = packet.fate == Fate::reply;
      gate_->fate_match = packet.fate == Fate::match;
      gate_->fate_host = packet.fate == Fate::host;
      gate_->fate_counter = static_cast<unsigned>(packet.counter);
      gate_->fate_message = packet.message;
      gate_->fate_epoch = packet.epoch;
    }
    if (!gate_->context_valid) gate_->context_valid = !contexts_.empty() && random_.chance(chances_.context);
    if (!contexts_.empty()) gate_->context_usable = contexts_.front();
    if (random_.chance(1)) gate_->copies = static_cast<unsigned>(random_.below(4));
    gate_->reply_job_ready = random_.chance(chances_.ready);
    gate_->match_job_ready = random_.chance(chances_.ready);
    gate_->host_job_ready = random_.chance(chances_.ready);
    gate_->reply_ready = random_.chance(chances_.ready);
    gate_->match_ready = random_.chance(chances_.ready);
    gate_->host_ready = random_.chance(chances_.ready);
    gate_->limit_grant = random_.chance(chances_.grant);
    gate_->limit_pass = random_.chance(chances_.pass);
  }

  void next_beat() {
    ++beats_in_;
    if (++in_beat_ < beats_.front().beats) return;
    beats_.pop_front();
    in_beat_ = 0;
  }

  void check_beat() {
    const auto goes_to = [&](Fate fate) { return leaving_ && leaving_->fate == fate; };
    ASSERT_TRUE(!gate_->reply_valid || goes_to(Fate::reply));
    ASSERT_TRUE(!gate_->match_valid || goes_to(Fate::match));
    ASSERT_TRUE(!gate_->host_valid || goes_to(Fate::host));
    const bool taken = (gate_->reply_valid && gate_->reply_ready) || (gate_->match_valid && gate_->match_ready) ||
                       (gate_->host_valid && gate_->host_ready);
    if (!taken) return;
    ASSERT_EQ(gate_->data, leaving_->number << 8 | out_beat_);
    const bool last = out_beat_ + 1 == leaving_->beats;
    ASSERT_EQ(gate_->out_last, last);
    ++beats_out_;
    ++out_beat_;
    if (!last) return;
    leaving_.reset();
    out_beat_ = 0;
  }

  [[nodiscard]] bool wants_copy(const Packet& packet) {
    return packet.fate == Fate::nobody && packet.message == echo_request &&
           ((packet.counter == Counter::drop_icv && (gate_->copies & 1) != 0) ||
            (packet.counter == Counter::drop_replay && (gate_->copies & 2) != 0));
  }

  static Cause cause(const Packet& packet) {
    if (packet.fate == Fate::nobody) return packet.counter == Counter::drop_icv ? Cause::integrity : Cause::replayed;
    if (packet.message == echo_request) return Cause::sa_down;
    return packet.message == echo_reply ? Cause::reply : Cause::error_protected;
  }

  /// A packet starts: whoever gets it, its end and its token are as its fate, its context and the limiter say.
  void check_start() {
    const Packet packet = fates_.empty() ? Packet{} : fates_.front();
    const bool starts = gate_->fate_valid && gate_->fate_ready;
    ASSERT_TRUE(gate_->fate_valid || !gate_->fate_ready);
    const bool limited = gate_->fate_valid && (packet.fate == Fate::host || wants_copy(packet));
    ASSERT_TRUE(!gate_->limit_valid || limited) << "a token for nothing";
    if (gate_->limit_valid) ASSERT_EQ(gate_->limit_cause, static_cast<unsigned>(cause(packet)));
    // A token that has been asked for and granted is used.
    ASSERT_EQ(gate_->limit_valid && gate_->limit_grant, starts && limited);

    const bool reply = starts && packet.fate == Fate::reply && contexts_.front();
    const bool match = starts && packet.fate == Fate::match;
    const bool host = starts && packet.fate == Fate::host && gate_->limit_pass;
    const bool copy = starts && wants_copy(packet);
    ASSERT_EQ(gate_->context_ready, starts && packet.fate == Fate::reply);
    ASSERT_TRUE(!gate_->context_ready || gate_->context_valid);
    ASSERT_EQ(gate_->reply_job_valid, reply);
    ASSERT_EQ(gate_->match_job_valid, match);
    ASSERT_EQ(gate_->host_job_valid, host || (copy && gate_->limit_pass));
    ASSERT_TRUE(!gate_->reply_job_valid || gate_->reply_job_ready);
    ASSERT_TRUE(!gate_->match_job_valid || gate_->match_job_ready);
    ASSERT_TRUE(!gate_->host_job_valid || gate_->host_job_ready);
    if (gate_->host_job_valid) ASSERT_EQ(gate_->host_copy, copy);
    ASSERT_EQ(gate_->copy_lost, copy && !gate_->limit_pass);
    ASSERT_EQ(gate_->end_valid, starts && !reply && !match && !host);
    ASSERT_EQ(gate_->end_leaves, gate_->end_valid && !gate_->host_job_valid);
    if (!starts) return;
    ASSERT_FALSE(leaving_) << "begun before the packet in front has left";
    if (gate_->end_valid) {
      check_end(packet);
    } else {
      leaving_ = packet;
    }
    ++seen_[reply ? "reply" : match ? "match" : host ? "host" : end_name(packet)];
  }

  void check_end(const Packet& packet) {
    Counter expected = packet.counter;
    if (packet.fate == Fate::reply) expected = Counter::drop_sequence;
    if (packet.fate == Fate::host) expected = Counter::drop_limited;
    ASSERT_EQ(gate_->end_counter, static_cast<unsigned>(expected));
    ASSERT_EQ(gate_->end_epoch, packet.epoch);
  }

  [[nodiscard]] const char* end_name(const Packet& packet) {
    if (packet.fate == Fate::reply) return "unusable";
    if (packet.fate == Fate::host) return "limited";
    if (gate_->copy_lost) return "copy lost";
    return gate_->host_job_valid ? "copy" : "dropped";
  }

  Chances chances_;
  RandomSource random_;
  Clocked<Vopen_gate_bench> gate_;
  std::deque<Packet> fates_, beats_;
  std::deque<bool> contexts_;
  std::optional<Packet> leaving_;
  std::optional<std::pair<Fate, unsigned>> only_;
  std::map<std::string, int> seen_;
  std::uint32_t numbers_ = 0;
  unsigned in_beat_ = 0, out_beat_ = 0;
  int beats_in_ = 0, beats_out_ = 0;
  bool draining_ = false;
};

TEST(OpenGate, SendsEveryPacketWhereItsFateSays) {
  for (const Chances& chances :
       {Chances{}, Chances{.beat = 95, .fate = 20}, Chances{.beat = 20, .fate = 95, .ready = 30},
        Chances{.beat = 95, .fate = 95, .ready = 95, .grant = 90}}) {
    GateRun run(chances);
    run.run(150000);
    run.drain();
    for (const char* end : {"reply", "match", "host", "unusable", "limited", "copy", "copy lost", "dropped"}) {
      EXPECT_GT(run.seen(end), 10) << end;
    }
  }
}

TEST(OpenGate, LetsNothingOutBeforeItsFateIsKnown) {
  constexpr int kDepth = 512;
  GateRun run({.beat = 100, .fate = 0, .ready = 100});
  run.run(2000);
  EXPECT_EQ(run.beats_in(), kDepth);
  EXPECT_EQ(run.beats_out(), 0);
}

TEST(OpenGate, RepliesWaitForTheirContext) {
  Chances chances{.beat = 100, .fate = 100, .context = 0, .usable = 100, .ready = 100};
  GateRun run(chances);
  run.only(Fate::reply, 4);
  run.run(500);
  EXPECT_EQ(run.seen("reply"), 0);
  chances.context = 100;
  run.set(chances);
  run.run(500);
  EXPECT_GT(run.seen("reply"), 100);
}

TEST(OpenGate, PacketsFollowEachOtherWithoutPauses) {
  GateRun run({.beat = 100, .fate = 100, .context = 100, .usable = 100, .ready = 100});
  run.only(Fate::reply, 3);
  run.run(3000);
  EXPECT_GT(run.beats_out(), 2990);
}

}  // namespace
}  // namespace sapulse::test
