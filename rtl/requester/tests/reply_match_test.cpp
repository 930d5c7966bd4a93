// SPDX-License-Identifier: Apache-2.0
// Replies of every kind are taken apart; whom reply_match asks about each, and what it says at its end, is as the
// protocol's echo body and the answers given here demand.
#include <Vreply_match_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <span>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

using regs::Counter;

constexpr unsigned kBeatBytes = 64;
constexpr unsigned kTelemetryBytes = 56;
constexpr unsigned kHeldAtMost = 4;  // before their question
constexpr std::uint32_t kProbeBit = 1U << 30;
constexpr std::uint32_t kNumberMask = kProbeBit - 1;  // of a transaction
constexpr unsigned kUnderWayAtMost = 8;
enum Result : unsigned { matched, late, unasked, full };
enum Judge : unsigned { ping, probe };

struct Telemetry {
  std::uint8_t flags = 0;
  std::uint64_t t_origin = 0, t_receive = 0, t_transmit = 0;
  std::uint32_t data_sequence = 0;
  std::array<std::uint32_t, 4> token{};        ///< byte string, first byte lowest
  std::array<std::uint32_t, 2> token_nonce{};  ///< likewise
};

struct Reply {
  std::uint64_t serial;
  std::uint32_t sa, transaction;
  bool consistent, epoch;
  bool timed = false;  ///< has a telemetry block
  std::uint64_t n;
  std::uint32_t frame_length;
  std::uint64_t t_arrival;
  Telemetry telemetry{};              ///< zero without a block
  std::vector<std::uint8_t> bytes{};  ///< opened nested packet: SPI, sequence number, n, body, trailer

  [[nodiscard]] Judge judge() const { return (transaction & kProbeBit) != 0 ? probe : ping; }
};

void put(std::vector<std::uint8_t>& bytes, std::uint64_t value, unsigned size) {
  for (unsigned i = size; i > 0; --i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (i - 1)));
}

/// What surrounds the module: chances in percent.
struct Chances {
  unsigned job = 60, beat = 60, question = 40, answer = 40;
};

class MatchRun {
 public:
  explicit MatchRun(const Chances& chances) : chances_(chances) { match_->seed = seed_; }

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  [[nodiscard]] int ended(Counter counter) const { return ended_.contains(counter) ? ended_.at(counter) : 0; }
  [[nodiscard]] int with_telemetry() const { return with_telemetry_; }
  [[nodiscard]] int inconsistent() const { return inconsistent_; }
  [[nodiscard]] std::size_t taken() const { return ending_.size(); }
  [[nodiscard]] std::size_t under_way() const { return under_way_; }

 private:
  Reply make() {
    Reply reply{.serial = serial_++,
                .sa = static_cast<std::uint32_t>(random_.below(65536)),
                .transaction = static_cast<std::uint32_t>(random_.word()) | 0x8000'0000U,
                .consistent = random_.chance(85),
                .epoch = random_.chance(50),
                .n = random_.word(),
                .frame_length = static_cast<std::uint32_t>(random_.below(9217)),
                .t_arrival = random_.word()};
    put(reply.bytes, random_.word(), 8);
    put(reply.bytes, reply.n, 8);
    const bool long_enough = random_.chance(70);
    const bool magic = random_.chance(70);
    const std::uint64_t away = random_.chance(40) ? 0 : random_.below(long_enough ? 300 : kTelemetryBytes);
    const auto size = static_cast<unsigned>(long_enough ? kTelemetryBytes + away : kTelemetryBytes - 1 - away);
    put(reply.bytes, random_.word(), 2);  // sub-type and flags
    put(reply.bytes, size, 2);
    put(reply.bytes, reply.consistent ? reply.transaction : reply.transaction ^ 1U << random_.below(32), 4);
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
    put_bytes(data, block.token);
    put_bytes(data, block.token_nonce);
    while (data.size() < size) data.push_back(static_cast<std::uint8_t>(random_.word()));
    data.resize(size);
    reply.bytes.insert(reply.bytes.end(), data.begin(), data.end());
    put(reply.bytes, random_.word(), 2);  // trailer
    while (reply.bytes.size() % 4 != 0) reply.bytes.push_back(0);
    reply.timed = magic && long_enough;
    if (reply.timed) reply.telemetry = block;
  }

  /// Random words as byte strings.
  void put_bytes(std::vector<std::uint8_t>& data, std::span<std::uint32_t> words) {
    for (std::uint32_t& word : words) {
      word = static_cast<std::uint32_t>(random_.word());
      for (unsigned i = 0; i < 4; ++i) data.push_back(static_cast<std::uint8_t>(word >> 8 * i));
    }
  }

  void step() {
    offer();
    match_.settle();
    check_end();
    take_verdicts();
    check_questions();
    if (::testing::Test::HasFatalFailure()) return;
    const bool job = match_->job_valid && match_->job_ready;
    const bool beat = match_->beat_valid && match_->beat_ready;
    const bool ended = match_->end_valid;
    match_.tick();
    if (job) {
      unasked_.push_back(next_);
      ending_.push_back(next_);
      packets_.push_back(next_);
      next_ = make();
    }
    if (beat) next_beat();
    if (ended) ending_.pop_front();
    match_->job_valid = match_->job_valid && !job;
    match_->beat_valid = match_->beat_valid && !beat;
  }

  void next_beat() {
    sent_ += kBeatBytes;
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
    for (unsigned i = 0; i < kBeatBytes / 4; ++i) match_->beat_data[i] = word(i);
    match_->beat_last = !packets_.empty() && sent_ + kBeatBytes >= packets_.front().bytes.size();
    match_->ping_ready = random_.chance(chances_.question);
    match_->probe_ready = random_.chance(chances_.question);
    // Verdicts, a cycle after their question at the earliest.
    match_->ping_verdict_valid = !waiting_[ping].empty() && random_.chance(chances_.answer);
    match_->ping_result = static_cast<unsigned>(random_.below(4));
    match_->probe_verdict_valid = !waiting_[probe].empty() && random_.chance(chances_.answer);
    match_->probe_result = static_cast<unsigned>(random_.below(3));
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
    ASSERT_FALSE(match_->ping_valid && match_->probe_valid);
    // Those whose body does not fit ask nobody.
    while (!unasked_.empty() && !unasked_.front().consistent) unasked_.pop_front();
    if (!match_->ping_valid && !match_->probe_valid) return;
    ASSERT_FALSE(unasked_.empty()) << "asked about a reply whose body names another request";
    const Reply reply = unasked_.front();
    const Judge judge = reply.judge();
    const std::uint32_t number = (reply.transaction - seed_) & kNumberMask;
    ASSERT_EQ(match_->ping_valid, judge == ping);
    ASSERT_EQ(match_->probe_valid, judge == probe);
    ASSERT_EQ(match_->reply_sa, reply.sa);
    ASSERT_EQ(match_->reply_transaction, (reply.transaction & ~kNumberMask) | number);
    ASSERT_EQ(match_->reply_n, reply.n);
    ASSERT_EQ(match_->reply_frame_length, reply.frame_length);
    ASSERT_EQ(match_->reply_t_arrival, reply.t_arrival);
    ASSERT_EQ(match_->reply_flags, reply.telemetry.flags);
    ASSERT_EQ(match_->reply_t_origin, reply.telemetry.t_origin);
    ASSERT_EQ(match_->reply_t_receive, reply.telemetry.t_receive);
    ASSERT_EQ(match_->reply_t_transmit, reply.telemetry.t_transmit);
    ASSERT_EQ(match_->reply_data_sequence, reply.telemetry.data_sequence);
    for (unsigned i = 0; i < 4; ++i) ASSERT_EQ(match_->reply_token[i], reply.telemetry.token[i]);
    const std::uint64_t nonce = std::uint64_t{reply.telemetry.token_nonce[1]} << 32 | reply.telemetry.token_nonce[0];
    ASSERT_EQ(match_->reply_token_nonce, nonce);
    const bool taken = judge == ping ? match_->ping_ready : match_->probe_ready;
    if (!taken) return;
    unasked_.pop_front();
    ++under_way_;
    waiting_[judge].push_back(reply.serial);
  }

  /// Verdicts given in this cycle.
  void take_verdicts() {
    if (match_->ping_verdict_valid) judged(ping, match_->ping_result);
    if (match_->probe_verdict_valid) judged(probe, match_->probe_result);
  }
  void judged(Judge judge, unsigned result) {
    verdicts_[waiting_[judge].front()] = static_cast<Result>(result);
    waiting_[judge].pop_front();
  }

  void check_end() {
    if (!match_->end_valid) return;
    ASSERT_FALSE(ending_.empty());
    const Reply& reply = ending_.front();
    Result result = unasked;
    if (reply.consistent) {
      ASSERT_TRUE(verdicts_.contains(reply.serial)) << "ended without a verdict, or before one that came earlier";
      result = verdicts_.at(reply.serial);
      verdicts_.erase(reply.serial);
      --under_way_;
    }
    constexpr std::array kCounters{Counter::replies, Counter::drop_late, Counter::drop_unasked,
                                   Counter::drop_ring_full};
    const Counter counter = kCounters[result];
    ASSERT_EQ(match_->end_counter, static_cast<unsigned>(counter));
    ASSERT_EQ(match_->end_epoch, reply.epoch);
    ++ended_[counter];
    with_telemetry_ += reply.timed;
    inconsistent_ += !reply.consistent;
  }

  Chances chances_;
  RandomSource random_;
  Clocked<Vreply_match_bench> match_;
  std::uint32_t seed_ = static_cast<std::uint32_t>(random_.word()) & kNumberMask;
  std::uint64_t serial_ = 0;
  Reply next_ = make();
  std::deque<Reply> unasked_;                         ///< from job to question
  std::deque<Reply> ending_;                          ///< from job to end
  std::array<std::deque<std::uint64_t>, 2> waiting_;  ///< by judge: serial numbers, from question to verdict
  std::map<std::uint64_t, Result> verdicts_;          ///< by serial number, until the end
  std::size_t under_way_ = 0;                         ///< from question to end
  std::deque<Reply> packets_;                         ///< whose beats are still to come
  std::size_t sent_ = 0;                              ///< bytes of the packet in front
  std::map<Counter, int> ended_;
  int with_telemetry_ = 0;
  int inconsistent_ = 0;
};

TEST(ReplyMatch, TakesRepliesApartAndAsksAboutEach) {
  for (const Chances& chances : {Chances{}, Chances{.job = 100, .beat = 100, .question = 100, .answer = 100},
                                 Chances{.beat = 95, .question = 95, .answer = 8}}) {
    MatchRun run(chances);
    run.run(20000);
    for (const Counter counter :
         {Counter::replies, Counter::drop_late, Counter::drop_unasked, Counter::drop_ring_full}) {
      EXPECT_GT(run.ended(counter), 50) << regs::name(counter);
    }
    EXPECT_GT(run.with_telemetry(), 50);
    EXPECT_GT(run.inconsistent(), 20);
  }
}

TEST(ReplyMatch, HoldsFewRepliesWhileNobodyTakesQuestions) {
  MatchRun run({.job = 100, .beat = 100, .question = 0, .answer = 0});
  run.run(1000);
  EXPECT_EQ(run.under_way(), 0U);
  EXPECT_EQ(run.taken(), kHeldAtMost);
}

TEST(ReplyMatch, HasFewQuestionsUnderWayWhileNobodyAnswers) {
  MatchRun run({.job = 100, .beat = 100, .question = 100, .answer = 0});
  run.run(1000);
  EXPECT_LE(run.under_way(), kUnderWayAtMost);
  EXPECT_GT(run.under_way(), 1U);
  EXPECT_LE(run.taken(), kHeldAtMost + kUnderWayAtMost);
}

}  // namespace
}  // namespace sapulse::test
