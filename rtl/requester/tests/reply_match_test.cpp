// SPDX-License-Identifier: Apache-2.0
// Replies of every kind are taken apart; whom reply_match asks about each, and what it says at its end, is as the
// protocol's echo body and the answers given here demand.
#include <Vreply_match_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Counter;

constexpr unsigned beat_bytes = 64;
constexpr unsigned held_at_most = 4;
constexpr std::uint32_t probe_bit = 1U << 30;
enum Result : unsigned { matched, late, unasked, full };

struct Telemetry {
  std::uint8_t flags = 0;
  std::uint64_t t_origin = 0, t_receive = 0, t_transmit = 0;
  std::uint32_t data_sequence = 0;
  std::array<std::uint32_t, 4> token{};  ///< byte string, first byte lowest
};

struct Reply {
  std::uint32_t sa, transaction;
  bool consistent, epoch;
  std::uint64_t n;
  std::uint32_t frame_length;
  std::uint64_t t_arrival;
  Telemetry telemetry;              ///< zero without a block
  std::vector<std::uint8_t> bytes;  ///< opened nested packet: SPI, sequence number, n, body, trailer
};

void put(std::vector<std::uint8_t>& bytes, std::uint64_t value, unsigned size) {
  for (unsigned i = size; i > 0; --i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (i - 1)));
}

/// What surrounds the module: chances in percent.
struct Chances {
  unsigned job = 60, beat = 60, answer = 40;
};

class MatchRun {
 public:
  explicit MatchRun(const Chances& chances) : chances_(chances) {}

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  [[nodiscard]] int ended(Counter counter) const { return ended_.contains(counter) ? ended_.at(counter) : 0; }
  [[nodiscard]] int with_telemetry() const { return with_telemetry_; }
  [[nodiscard]] int inconsistent() const { return inconsistent_; }
  [[nodiscard]] std::size_t held() const { return asked_.size(); }

 private:
  Reply make() {
    Reply reply{.sa = static_cast<std::uint32_t>(random_.below(65536)),
                .transaction = static_cast<std::uint32_t>(random_.word()) | 0x8000'0000U,
                .consistent = random_.chance(85),
                .epoch = random_.chance(50),
                .n = random_.word(),
                .frame_length = static_cast<std::uint32_t>(random_.below(9217)),
                .t_arrival = random_.word(),
                .telemetry = {},
                .bytes = {}};
    put(reply.bytes, random_.word(), 8);
    put(reply.bytes, reply.n, 8);
    const bool long_enough = random_.chance(70);
    const bool magic = random_.chance(70);
    const auto size =
        static_cast<unsigned>(long_enough ? 48 + (random_.chance(40) ? 0 : random_.below(300)) : random_.below(48));
    put(reply.bytes, random_.word(), 2);  // sub-type and flags
    put(reply.bytes, size, 2);
    put(reply.bytes, reply.consistent ? reply.transaction : reply.transaction ^ 1U << random_.below(32), 4);
    put(reply.bytes, random_.word(), 4);  // reply SPI
    put_data(reply, size, magic, long_enough);
    return reply;
  }

  /// Random data, with a telemetry block if it is long enough and has the magic number.
  void put_data(Reply& reply, unsigned size, bool magic, bool long_enough) {
    std::vector<std::uint8_t> data;
    put(data, magic ? 0x5350 : 0x5350 ^ (1U << random_.below(16)), 2);
    put(data, random_.word(), 1);
    Telemetry block{.flags = static_cast<std::uint8_t>(random_.word()),
                    .t_origin = random_.word(),
                    .t_receive = random_.word(),
                    .t_transmit = random_.word(),
                    .data_sequence = static_cast<std::uint32_t>(random_.word())};
    put(data, block.flags, 1);
    put(data, block.t_origin, 8);
    put(data, block.t_receive, 8);
    put(data, block.t_transmit, 8);
    put(data, block.data_sequence, 4);
    for (std::uint32_t& word : block.token) {
      word = static_cast<std::uint32_t>(random_.word());
      for (unsigned i = 0; i < 4; ++i) data.push_back(static_cast<std::uint8_t>(word >> 8 * i));
    }
    while (data.size() < size) data.push_back(static_cast<std::uint8_t>(random_.word()));
    data.resize(size);
    reply.bytes.insert(reply.bytes.end(), data.begin(), data.end());
    put(reply.bytes, random_.word(), 2);  // trailer
    while (reply.bytes.size() % 4 != 0) reply.bytes.push_back(0);
    if (magic && long_enough) reply.telemetry = block;
  }

  void step() {
    offer();
    match_.settle();
    check_questions();
    check_end();
    const bool job = match_->job_valid && match_->job_ready;
    const bool beat = match_->beat_valid && match_->beat_ready;
    const bool probe = match_->probe_valid && match_->probe_ready;
    const bool ended = match_->end_valid;
    match_.tick();
    if (job) {
      ASSERT_LT(asked_.size(), held_at_most) << "more than there is room for";
      asked_.push_back(next_);
      packets_.push_back(next_);
      next_ = make();
    }
    if (beat) next_beat();
    waits_verdict_ = probe || (waits_verdict_ && !ended);
    if (ended) asked_.pop_front();
    match_->job_valid = match_->job_valid && !job;
    match_->beat_valid = match_->beat_valid && !beat;
  }

  void next_beat() {
    sent_ += beat_bytes;
    if (sent_ < packets_.front().bytes.size()) return;
    packets_.pop_front();
    sent_ = 0;
  }

  void offer() {
    if (!match_->job_valid) match_->job_valid = random_.chance(chances_.job);
    match_->job_sa = next_.sa;
    match_->job_transaction = next_.transaction;
    match_->job_epoch = next_.epoch;
    match_->job_n = next_.n;
    match_->job_frame_length = next_.frame_length;
    match_->job_received = next_.t_arrival;
    if (!match_->beat_valid) match_->beat_valid = !packets_.empty() && random_.chance(chances_.beat);
    for (unsigned i = 0; i < beat_bytes / 4; ++i) match_->beat_data[i] = word(i);
    match_->beat_last = !packets_.empty() && sent_ + beat_bytes >= packets_.front().bytes.size();
    // Answers.
    match_->ping_ready = 0;
    match_->ping_result = static_cast<unsigned>(random_.below(4));
    match_->probe_ready = random_.chance(chances_.answer);
    match_->verdict_valid = waits_verdict_ && random_.chance(chances_.answer);
    match_->verdict = static_cast<unsigned>(random_.below(3));
    match_.settle();
    if (match_->ping_valid) match_->ping_ready = random_.chance(chances_.answer);
  }

  [[nodiscard]] std::uint32_t word(unsigned index) const {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4 && !packets_.empty(); ++i) {
      const std::size_t at = sent_ + 4 * index + i;
      if (at < packets_.front().bytes.size()) value |= std::uint32_t{packets_.front().bytes[at]} << 8 * i;
    }
    return value;
  }

  void check_questions() {
    if (!match_->ping_valid && !match_->probe_valid) return;
    ASSERT_FALSE(asked_.empty());
    const Reply& reply = asked_.front();
    ASSERT_TRUE(reply.consistent) << "asked about a reply whose body names another request";
    const bool probe = (reply.transaction & probe_bit) != 0;
    ASSERT_EQ(match_->ping_valid, !probe);
    ASSERT_EQ(match_->probe_valid, probe);
    ASSERT_FALSE(probe && waits_verdict_) << "asked twice";
    ASSERT_EQ(match_->reply_sa, reply.sa);
    ASSERT_EQ(match_->reply_transaction, reply.transaction);
    ASSERT_EQ(match_->reply_n, reply.n);
    ASSERT_EQ(match_->reply_frame_length, reply.frame_length);
    ASSERT_EQ(match_->reply_t_arrival, reply.t_arrival);
    ASSERT_EQ(match_->reply_flags, reply.telemetry.flags);
    ASSERT_EQ(match_->reply_t_origin, reply.telemetry.t_origin);
    ASSERT_EQ(match_->reply_t_receive, reply.telemetry.t_receive);
    ASSERT_EQ(match_->reply_t_transmit, reply.telemetry.t_transmit);
    ASSERT_EQ(match_->reply_data_sequence, reply.telemetry.data_sequence);
    for (unsigned i = 0; i < 4; ++i) ASSERT_EQ(match_->reply_token[i], reply.telemetry.token[i]);
  }

  void check_end() {
    const bool ping = match_->ping_valid && match_->ping_ready;
    const bool probe = match_->verdict_valid;
    if (!match_->end_valid) {
      ASSERT_FALSE(ping || probe) << "an answer without effect";
      return;
    }
    ASSERT_FALSE(asked_.empty());
    const Reply& reply = asked_.front();
    ASSERT_TRUE(ping || probe || !reply.consistent) << "ended without an answer";
    Result result = unasked;
    if (ping) result = static_cast<Result>(match_->ping_result);
    if (probe) result = static_cast<Result>(match_->verdict);
    constexpr std::array kCounters{Counter::kReplies, Counter::kDropLate, Counter::kDropUnasked,
                                   Counter::kDropRingFull};
    const Counter counter = kCounters[result];
    ASSERT_EQ(match_->end_counter, static_cast<unsigned>(counter));
    ASSERT_EQ(match_->end_epoch, reply.epoch);
    ++ended_[counter];
    with_telemetry_ += reply.telemetry.t_origin != 0;
    inconsistent_ += !reply.consistent;
  }

  Chances chances_;
  RandomSource random_;
  Clocked<Vreply_match_bench> match_;
  Reply next_ = make();
  std::deque<Reply> asked_;    ///< from job to end
  std::deque<Reply> packets_;  ///< whose beats are still to come
  std::size_t sent_ = 0;       ///< bytes of the packet in front
  bool waits_verdict_ = false;
  std::map<Counter, int> ended_;
  int with_telemetry_ = 0;
  int inconsistent_ = 0;
};

TEST(ReplyMatch, TakesRepliesApartAndAsksAboutEach) {
  for (const Chances& chances :
       {Chances{}, Chances{.job = 100, .beat = 100, .answer = 100}, Chances{.beat = 95, .answer = 8}}) {
    MatchRun run(chances);
    run.run(20000);
    for (const Counter counter :
         {Counter::kReplies, Counter::kDropLate, Counter::kDropUnasked, Counter::kDropRingFull}) {
      EXPECT_GT(run.ended(counter), 50) << regs::name(counter);
    }
    EXPECT_GT(run.with_telemetry(), 50);
    EXPECT_GT(run.inconsistent(), 20);
  }
}

TEST(ReplyMatch, HoldsFewRepliesWhileNobodyAnswers) {
  MatchRun run({.job = 100, .beat = 100, .answer = 0});
  run.run(1000);
  EXPECT_EQ(run.held(), held_at_most);
}

}  // namespace
}  // namespace sapulse::test
