// SPDX-License-Identifier: Apache-2.0
// The card asks, and is answered: by honest peers, by recordings of an earlier life, and by many at once.
#include <Vrequester_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Counter;
using Descriptor = std::array<std::byte, regs::kCommandBytes>;

constexpr unsigned kSas = 1024;
constexpr unsigned kNsPerCycle = 3;
constexpr std::uint32_t kProbeBit = 1U << 30;
constexpr std::uint32_t kNumberMask = kProbeBit - 1;  // of a transaction

/// A request as it has left the card: what its reply repeats.
struct Asked {
  unsigned sa;
  std::uint32_t transaction;
  std::uint64_t t_origin;
  bool timed = true;  ///< with a telemetry block
  [[nodiscard]] bool is_probe() const { return (transaction & kProbeBit) != 0; }
};

/// The opened nested packet of a reply, in beats of 64 bytes.
std::vector<std::array<std::uint8_t, 64>> beats_of(const Asked& asked) {
  std::vector<std::uint8_t> bytes(16);  // SPI, sequence number, n
  const auto put = [&](std::uint64_t value, unsigned size) {
    for (unsigned i = size; i > 0; --i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (i - 1)));
  };
  put(0x0300, 2);
  put(56, 2);
  put(asked.transaction, 4);
  put(asked.timed ? 0x5350'0107 : 0, 4);
  put(asked.t_origin, 8);
  bytes.resize(100);
  std::vector<std::array<std::uint8_t, 64>> beats(2);
  for (std::size_t i = 0; i < bytes.size(); ++i) beats[i / 64][i % 64] = bytes[i];
  return beats;
}

class Requester : public ::testing::Test {
 protected:
  Requester() { begin_life(); }

  /// A reset; the host takes a new seed unless it is told one.
  void begin_life() { begin_life(static_cast<std::uint32_t>(random_.word()) & kNumberMask); }
  void begin_life(std::uint32_t seed) {
    dut_->seed = seed;
    dut_->rst = 1;
    for (int i = 0; i < 4; ++i) cycle();
    dut_->rst = 0;
    sent_.clear();
    events_.clear();
    while (!dut_->ready) cycle();
    for (int i = 0; i < 8; ++i) cycle();
  }

  void cycle() {
    ns_ += kNsPerCycle;
    ++cycles_;
    dut_->now = ns_;
    offer();
    if (dut_->sent_valid) sent_.push_back({dut_->sent_sa, dut_->sent_transaction, dut_->sent_t_origin});
    if (dut_->end_valid) {
      ++ended_[static_cast<Counter>(dut_->end_counter)];
      if (count_ended() == 1) first_end_ = cycles_;
      last_end_ = cycles_;
    }
    if (dut_->event_valid) take_event();
    const bool job = dut_->job_valid && dut_->job_ready;
    const bool beat = dut_->beat_valid && dut_->beat_ready;
    const bool command = dut_->cmd_valid && dut_->cmd_ready;
    if (dut_->rsp_valid) status_ = static_cast<regs::Status>(dut_->rsp_status);
    completed_ = completed_ || dut_->rsp_valid;
    dut_.tick();
    if (command) dut_->cmd_valid = 0;
    if (beat) beats_.pop_front();
    if (job) {
      for (const auto& one : beats_of(replies_.front())) beats_.push_back(one);
      replies_.pop_front();
    }
  }

  /// As open_gate: a packet starts with its job, at the earliest when the last beat of the one before leaves; its beats
  /// follow.
  void offer() {
    dut_->beat_valid = !beats_.empty();
    dut_->beat_last = beats_.size() == 1;
    if (!beats_.empty()) std::memcpy(dut_->beat_data.m_storage, beats_.front().data(), 64);
    dut_.settle();
    dut_->job_valid = !replies_.empty() && (beats_.empty() || (beats_.size() == 1 && dut_->beat_ready));
    if (!replies_.empty()) {
      dut_->job_sa = replies_.front().sa;
      dut_->job_transaction = replies_.front().transaction;
      dut_->job_received = ns_;
    }
    dut_.settle();
  }

  void take_event() {
    event_beats_.insert(event_beats_.end(), dut_->event_data.m_storage, dut_->event_data.m_storage + 16);
    if (!dut_->event_last) return;
    std::array<std::byte, regs::kEventBytes> event;
    std::memcpy(event.data(), event_beats_.data(), event.size());
    events_.push_back(event);
    event_beats_.clear();
  }

  void execute(const Descriptor& descriptor) {
    std::memcpy(dut_->cmd_descriptor.m_storage, descriptor.data(), descriptor.size());
    dut_->cmd_valid = 1;
    completed_ = false;
    for (int waited = 0; !completed_; ++waited) {
      if (waited == 1000) throw std::runtime_error("a command was not carried out");
      cycle();
    }
    ASSERT_EQ(status_, regs::Status::ok);
  }

  /// Pings an SA; the request as it left.
  Asked ping(unsigned sa) {
    Descriptor descriptor{};
    const regs::Ping command(descriptor);
    regs::Command(descriptor).set_opcode(regs::Opcode::ping);
    regs::Command(descriptor).set_sa(sa);
    command.set_length(56);
    command.set_timeout(1'000'000'000);
    const std::size_t before = sent_.size();
    execute(descriptor);
    for (std::size_t i = before; i < sent_.size(); ++i) {
      if (!sent_[i].is_probe()) return sent_[i];
    }
    throw std::runtime_error("no ping left");
  }

  void probe(unsigned sa) {
    Descriptor descriptor{};
    const regs::ProbeWrite command(descriptor);
    regs::Command(descriptor).set_opcode(regs::Opcode::probe_write);
    regs::Command(descriptor).set_sa(sa);
    command.set_enable(1);
    command.set_length(56);
    command.set_interval(20);
    command.set_detect(1'000'000);
    execute(descriptor);
  }

  /// Waits until so many requests have left.
  void wait_sent(std::size_t count) {
    for (int waited = 0; sent_.size() < count; ++waited) {
      if (waited == 1'000'000) throw std::runtime_error("the card does not ask");
      cycle();
    }
  }

  /// Replies that touch each other; cycles from the end of the first to the end of the last.
  std::uint64_t deliver(const std::vector<Asked>& replies) {
    ended_.clear();
    replies_.assign(replies.begin(), replies.end());
    for (std::size_t waited = 0; count_ended() < replies.size(); ++waited) {
      if (waited == 1000 + 100 * replies.size()) throw std::runtime_error("a reply does not end");
      cycle();
    }
    for (int i = 0; i < 8; ++i) cycle();  // for the last event
    return last_end_ - first_end_;
  }
  [[nodiscard]] std::size_t count_ended() const {
    std::size_t count = 0;
    for (const auto& [counter, number] : ended_) count += number;
    return count;
  }
  /// What one reply counts as.
  Counter deliver(const Asked& reply) {
    deliver(std::vector{reply});
    return ended_.begin()->first;
  }

  RandomSource random_;
  Clocked<Vrequester_bench> dut_;
  std::vector<Asked> sent_;
  std::map<Counter, std::size_t> ended_;
  std::vector<std::array<std::byte, regs::kEventBytes>> events_;

 private:
  std::deque<Asked> replies_;
  std::deque<std::array<std::uint8_t, 64>> beats_;
  std::vector<std::uint32_t> event_beats_;
  std::uint64_t ns_ = 1'800'000'000'000'000'000;  // the host has set the clock
  std::uint64_t cycles_ = 0, first_end_ = 0, last_end_ = 0;
  bool completed_ = false;
  regs::Status status_ = regs::Status::ok;
};

TEST_F(Requester, NumbersOfTransactionsStartAtTheSeed) {
  const std::uint32_t seed = kNumberMask - 1;
  begin_life(seed);
  for (std::uint32_t number = 0; number < 4; ++number) {
    const Asked asked = ping(5);
    EXPECT_EQ(asked.transaction, 0x8000'0000U | ((seed + number) & kNumberMask));
    EXPECT_EQ(deliver(asked), Counter::replies);
    ASSERT_EQ(events_.size(), number + 1);
    EXPECT_EQ(regs::ConstEvent(events_.back()).transaction(), asked.transaction);
    EXPECT_EQ(regs::ConstEvent(events_.back()).t_origin(), asked.t_origin);
  }
  sent_.clear();
  probe(7);
  wait_sent(4);
  for (std::uint32_t number = 0; number < 4; ++number) {
    EXPECT_EQ(sent_[number].transaction, 0xc000'0000U | ((seed + number) & kNumberMask));
    EXPECT_EQ(deliver(Asked{sent_[number]}), Counter::replies);
  }
}

TEST_F(Requester, AttackWithPingRepliesOfAnEarlierLifeProvesNothing) {
  for (const bool same_seed : {true, false}) {
    const std::uint32_t seed = dut_->seed;
    std::vector<Asked> recorded;
    for (unsigned sa = 0; sa < 20; ++sa) recorded.push_back(ping(sa));
    same_seed ? begin_life(seed) : begin_life();
    std::vector<Asked> honest;
    for (unsigned sa = 0; sa < 20; ++sa) honest.push_back(ping(sa));
    for (const Asked& reply : recorded) EXPECT_NE(deliver(reply), Counter::replies);
    EXPECT_TRUE(events_.empty());
    for (const Asked& reply : honest) EXPECT_EQ(deliver(reply), Counter::replies);
    EXPECT_EQ(events_.size(), honest.size());
  }
}

TEST_F(Requester, AttackWithProbeRepliesOfAnEarlierLifeProvesNothing) {
  begin_life(1000);
  probe(9);
  wait_sent(10);
  const std::vector<Asked> recorded = sent_;
  begin_life(1'000'000);
  probe(9);
  wait_sent(10);
  const std::vector<Asked> honest = sent_;
  for (const Asked& reply : recorded) EXPECT_NE(deliver(reply), Counter::replies);
  for (const auto& event : events_) EXPECT_NE(regs::ConstEvent(event).state(), regs::ProbeState::up);
  for (const Asked& reply : honest) EXPECT_EQ(deliver(reply), Counter::replies);
}

TEST_F(Requester, AReplyWithoutTelemetryBlockAnswersNoProbe) {
  probe(9);
  wait_sent(1);
  const Asked asked = sent_.front();
  Asked untimed = asked;
  untimed.timed = false;
  EXPECT_EQ(deliver(untimed), Counter::drop_late);
  EXPECT_EQ(deliver(asked), Counter::replies);
}

/// For the reader, and for `make bench`.
void record_cycles_per_reply(std::uint64_t cycles, std::size_t replies) {
  const std::string figure = std::to_string(static_cast<double>(cycles) / static_cast<double>(replies - 1));
  std::printf("%s cycles a reply\n", figure.c_str());
  testing::Test::RecordProperty("cycles_per_reply", figure);
}

TEST_F(Requester, TakesRepliesToPingsAtTheRateOfPings) {
  std::vector<Asked> asked;
  for (unsigned i = 0; i < 1000; ++i) asked.push_back(ping(i % kSas));
  const std::uint64_t taken = deliver(asked);
  EXPECT_EQ(ended_[Counter::replies], asked.size());
  EXPECT_EQ(events_.size(), asked.size());
  record_cycles_per_reply(taken, asked.size());
  // After 31 of them the table of pings visits one entry for its own sake, which takes as long as a reply.
  EXPECT_LE(taken, 31 * asked.size() / 10);
}

TEST_F(Requester, TakesRepliesToProbesInFourCyclesEach) {
  for (unsigned sa = 0; sa < kSas; ++sa) probe(sa);
  sent_.clear();
  wait_sent(2 * kSas);
  const std::vector<Asked> asked = sent_;
  const std::uint64_t taken = deliver(asked);
  EXPECT_EQ(ended_[Counter::replies], asked.size());
  record_cycles_per_reply(taken, asked.size());
  // One in a few hundred meets the sweep of the prober on its SA and waits.
  EXPECT_LE(taken, 4 * asked.size() + asked.size() / 20);
}

}  // namespace
}  // namespace sapulse::test
