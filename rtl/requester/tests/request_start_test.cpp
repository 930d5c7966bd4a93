// SPDX-License-Identifier: Apache-2.0
// Messages of both sources, on SAs with and without path and outbound half: what is sent has every member of its order,
// path and context in its place, enters the card once and leaves it once; what cannot be sent leaves nothing behind.
#include <Vrequest_start_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <optional>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

enum Source : unsigned { order, probe };

/// A message that has been sent; the bench makes the rest of these.
struct Sent {
  std::uint32_t number;
  std::uint64_t n, t_origin;
  bool epoch;

  [[nodiscard]] std::uint32_t sa() const { return number >> 16; }
  [[nodiscard]] bool raw() const { return (number >> 14 & 1) != 0; }
  [[nodiscard]] std::uint32_t data() const { return number & 0x3fff; }
  /// Nested packet: header and ICV around the plaintext; an echo's is its header and data, padded with its trailer.
  [[nodiscard]] std::uint32_t length() const { return 32 + (raw() ? data() : (8 + data() + 2 + 3) / 4 * 4); }
  /// Bench: numbers of the SA.
  [[nodiscard]] std::uint32_t of_sa(std::uint32_t low) const { return sa() << 16 | low; }
};

class StartRun {
 public:
  StartRun(unsigned offer_chance, unsigned ready_chance) : offer_chance_(offer_chance), ready_chance_(ready_chance) {}

  void run(int cycles) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step();
  }
  void drain() {
    offer_chance_ = 0;
    ready_chance_ = 100;
    run(500);
    EXPECT_TRUE(jobs_.empty());
    EXPECT_TRUE(seals_.empty());
    EXPECT_FALSE(current_);
  }
  [[nodiscard]] int sent(Source source) const { return sent_[source]; }
  [[nodiscard]] int without_path() const { return without_path_; }
  [[nodiscard]] int unusable() const { return unusable_; }
  [[nodiscard]] std::size_t waiting_jobs() const { return jobs_.size(); }

 private:
  struct Current {
    Source source;
    std::uint32_t number;
    bool epoch;
    bool asked = false;  ///< for its context
  };

  void step() {
    offer();
    start_.settle();
    check_context();
    check_done();
    check_begin();
    check_job();
    check_seal();
    const std::array taken{start_->order_valid && start_->order_ready, start_->probe_valid && start_->probe_ready};
    start_.tick();
    if (taken[order]) offered_[order].reset();
    if (taken[probe]) offered_[probe].reset();
  }

  std::uint32_t make_number() {
    const auto sa = static_cast<std::uint32_t>(random_.below(65536));
    return sa << 16 | static_cast<std::uint32_t>(random_.below(2) << 14 | random_.below(9001)) |
           (random_.chance(50) ? 0x8000U : 0U);
  }

  void offer() {
    for (const Source source : {order, probe}) {
      if (!offered_[source] && random_.chance(offer_chance_)) offered_[source] = make_number();
    }
    start_->order_valid = offered_[order].has_value();
    start_->order_number = offered_[order].value_or(0);
    start_->probe_valid = offered_[probe].has_value();
    start_->probe_number = offered_[probe].value_or(0);
    start_->now = random_.word();
    start_->epoch = random_.chance(50);
    start_->reply_ready = random_.chance(ready_chance_);
    start_->job_ready = random_.chance(ready_chance_);
    start_->seal_ready = random_.chance(ready_chance_);
    start_->ctx_valid = current_ && current_->asked && random_.chance(50);
    start_->ctx_usable = random_.chance(80);
    start_->ctx_sa = current_ ? current_->number >> 16 : 0;
    start_->ctx_n = random_.word();
  }

  /// Enters: in turns when both wait.
  void check_begin() {
    if (!start_->enter_valid) return;
    ASSERT_FALSE(current_) << "two messages at a time";
    ASSERT_TRUE(offered_[order] || offered_[probe]);
    ASSERT_EQ(start_->enter_epoch, start_->epoch);
    Source source = offered_[probe] ? probe : order;
    if (offered_[order] && offered_[probe]) source = last_ == order ? probe : order;
    last_ = source;
    current_ = Current{.source = source, .number = *offered_[source], .epoch = start_->epoch != 0};
  }

  void check_context() {
    if (!start_->reply_valid) return;
    ASSERT_TRUE(current_ && !current_->asked);
    ASSERT_EQ(start_->reply_sa, current_->number >> 16);
    ASSERT_NE(start_->reply_sa & 7, 0) << "a sequence number is taken for an SA without path";
    current_->asked = start_->reply_ready;
  }

  void check_done() {
    ASSERT_EQ(start_->leave_valid, start_->done_valid && !start_->done_usable);
    ASSERT_EQ(start_->order_ready || start_->probe_ready, start_->done_valid);
    if (!start_->done_valid) return;
    ASSERT_TRUE(current_);
    ASSERT_EQ(start_->order_ready, current_->source == order);
    ASSERT_EQ(start_->probe_ready, current_->source == probe);
    const bool has_path = (current_->number >> 16 & 7) != 0;
    ASSERT_EQ(start_->done_usable, has_path && start_->ctx_valid && start_->ctx_usable);
    ASSERT_TRUE(!has_path || start_->ctx_valid);
    if (start_->done_usable) {
      ASSERT_EQ(start_->done_n, start_->ctx_n);
      ASSERT_EQ(start_->done_t_origin, start_->now);
      jobs_.push_back({current_->number, start_->ctx_n, start_->now, current_->epoch});
      seals_.push_back(jobs_.back());
      ++sent_[current_->source];
    } else {
      ASSERT_EQ(start_->leave_epoch, current_->epoch);
      ++(has_path ? unusable_ : without_path_);
    }
    current_.reset();
  }

  void check_job() {
    if (!start_->job_valid || !start_->job_ready) return;
    ASSERT_FALSE(jobs_.empty());
    const Sent& sent = jobs_.front();
    ASSERT_EQ(start_->job_length, sent.length());
    ASSERT_EQ(start_->job_spi, sent.of_sa(11));
    ASSERT_EQ(start_->job_n, sent.n);
    ASSERT_EQ(start_->job_raw, sent.raw());
    for (unsigned i = 0; i < 12; ++i) ASSERT_EQ(start_->job_body[i], sent.number);
    ASSERT_EQ(start_->job_data_length, sent.data());
    ASSERT_EQ(start_->job_t_origin, sent.t_origin);
    ASSERT_EQ(start_->job_transaction, sent.number);
    jobs_.pop_front();
  }

  void check_seal() {
    if (!start_->seal_valid || !start_->seal_ready) return;
    ASSERT_FALSE(seals_.empty());
    const Sent& sent = seals_.front();
    ASSERT_EQ(start_->seal_key, ~sent.n);
    ASSERT_EQ(start_->seal_length, sent.length());
    check_headers(sent);
    ASSERT_EQ(start_->header_message, sent.number >> 8 & 0xff);
    ASSERT_EQ(start_->header_code, sent.number >> 16 & 0xff);
    ASSERT_EQ(start_->header_subject, sent.of_sa(11));
    ASSERT_EQ(start_->header_transaction, sent.number);
    ASSERT_EQ(start_->header_token_nonce, std::uint64_t{sent.sa()} << 48 | 10);
    ASSERT_EQ(start_->header_length, sent.length());
    ASSERT_FALSE(start_->header_echo);
    ASSERT_EQ(start_->answer_counter, sent.number & 0x3f);
    ASSERT_FALSE(start_->answer_from_line);
    ASSERT_TRUE(start_->answer_entered);
    ASSERT_EQ(start_->answer_epoch, sent.epoch);
    seals_.pop_front();
  }

  /// As an answer to a frame that came the other way, for the kernel swaps addresses and ports.
  void check_headers(const Sent& sent) {
    ASSERT_EQ(start_->header_to, std::uint64_t{sent.sa()} << 32 | 4);
    ASSERT_EQ(start_->header_from, std::uint64_t{sent.sa()} << 32 | 3);
    ASSERT_EQ(start_->header_tags, sent.sa() >> 11 & 1);
    ASSERT_EQ(start_->header_tag0, sent.of_sa(1));
    ASSERT_EQ(start_->header_tag1, sent.of_sa(2));
    ASSERT_EQ(start_->header_v6, sent.sa() >> 4 & 1);
    ASSERT_EQ(start_->header_dscp, sent.sa() >> 5 & 0x3f);
    ASSERT_EQ(start_->header_dst[0], 5U);
    ASSERT_EQ(start_->header_dst[3], sent.sa() << 16);
    ASSERT_EQ(start_->header_src[0], 6U);
    ASSERT_EQ(start_->header_src[3], sent.sa() << 16);
    ASSERT_EQ(start_->header_encap, sent.sa() >> 3 & 1);
    ASSERT_EQ(start_->header_sport, sent.sa() ^ 8);
    ASSERT_EQ(start_->header_dport, sent.sa() ^ 7);
    ASSERT_EQ(start_->header_spi, sent.of_sa(9));
    ASSERT_EQ(start_->header_seq, static_cast<std::uint32_t>(sent.n));
  }

  unsigned offer_chance_, ready_chance_;
  RandomSource random_;
  Clocked<Vrequest_start_bench> start_;
  std::array<std::optional<std::uint32_t>, 2> offered_;
  std::optional<Current> current_;
  Source last_ = probe;
  std::deque<Sent> jobs_, seals_;
  std::array<int, 2> sent_{};
  int without_path_ = 0;
  int unusable_ = 0;
};

TEST(RequestStart, SendsWhatIsOrderedOrNothing) {
  for (const auto& [offer, ready] : {std::array{50U, 60U}, {100U, 100U}, {10U, 90U}, {100U, 20U}}) {
    StartRun run(offer, ready);
    run.run(20000);
    run.drain();
    EXPECT_GT(run.sent(order), 100);
    EXPECT_GT(run.sent(probe), 100);
    EXPECT_GT(run.without_path(), 20);
    EXPECT_GT(run.unusable(), 20);
  }
}

TEST(RequestStart, TakesTurns) {
  StartRun run(100, 100);
  run.run(20000);
  EXPECT_NEAR(run.sent(order), run.sent(probe), run.sent(order) / 5);
}

}  // namespace
}  // namespace sapulse::test
