// SPDX-License-Identifier: Apache-2.0
// Pings are opened, answered, forged, forgotten and timed out at random; a model says what must become of each.
#include <Vping_table_bench.h>
#include <Vping_table_bench___024root.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"
#include "table_memory.h"

namespace sapulse::test {
namespace {

constexpr unsigned kPings = 16, kSas = 3;
constexpr unsigned kSweep = kPings * 8;  // cycles in which every entry is visited, however many replies come
enum Result : unsigned { matched, late, unasked, full };

struct Ping {
  std::uint32_t sa, cookie;
  bool timed;
  std::uint64_t t_origin, deadline;
  enum { open, answered, timed_out } state = open;
};

struct Reply {
  std::uint32_t sa, transaction;
  std::uint64_t t_origin;  ///< of its telemetry block, 0 without one
  std::uint64_t n, token_nonce;
};

class PingTable : public ::testing::Test {
 protected:
  PingTable() {
    dut_->open_valid = dut_->reply_valid = 0;
    dut_->event_full = 0;
    dut_->uptime = 0;
    wait_ready();
  }

  void restart() {
    all_.clear();
    dut_->rst = 1;
    tick();
    dut_->rst = 0;
    wait_ready();
  }

  void wait_ready() {
    for (unsigned i = 0; !dut_->ready; ++i) {
      if (i == 100) throw std::runtime_error("the table does not become ready");
      tick();
    }
    for (int i = 0; i < 8; ++i) tick();  // the first free transaction shows
  }

  void tick() {
    if (streaming_) stream();
    dut_->event_ready = !full_ && random_.chance(event_chance_);
    dut_.settle();
    const bool judged = dut_->result_valid;
    if (judged) check_verdict();
    check_event();
    if (dut_->fault_valid) faults_.push_back(dut_->fault_index);
    if (judged) asked_.pop_front();
    if (dut_->reply_valid && dut_->reply_ready) {
      asked_.push_back(offered_);
      offers_ = false;
    }
    dut_.tick();
    dut_->reply_valid = offers_;
    dut_->uptime = ++now_;
  }

  void check_verdict() {
    ASSERT_FALSE(asked_.empty()) << "a verdict without question";
    const Reply& reply = asked_.front();
    result_ = static_cast<Result>(dut_->result);
    ASSERT_EQ(result_, expect(reply)) << "transaction " << std::hex << reply.transaction << " SA " << reply.sa;
    ++seen_[result_];
  }

  /// An event is handed over: it is that of the one ping that waits for it.
  void check_event() {
    if (!dut_->event_valid || !dut_->event_ready) return;
    const auto found = all_.find(dut_->event_transaction);
    ASSERT_NE(found, all_.end()) << "an event of a ping that was never sent";
    Ping& ping = found->second;
    ASSERT_EQ(ping.state, Ping::open) << "a second event";
    ASSERT_EQ(dut_->event_sa, ping.sa);
    ASSERT_EQ(dut_->event_cookie, ping.cookie);
    ASSERT_EQ(dut_->event_t_origin, ping.t_origin);
    if (dut_->event_kind == static_cast<unsigned>(regs::EventKind::ping_reply)) {
      ASSERT_TRUE(dut_->result_valid);
      ASSERT_EQ(dut_->event_n, asked_.front().n);
      ASSERT_EQ(dut_->event_token_nonce, asked_.front().token_nonce);
      ASSERT_EQ(dut_->event_transaction, asked_.front().transaction);
      ping.state = Ping::answered;
    } else {
      ASSERT_EQ(dut_->event_kind, static_cast<unsigned>(regs::EventKind::ping_timeout));
      ASSERT_GE(now_, ping.deadline) << "timed out too early";
      ping.state = Ping::timed_out;
    }
  }

  void set_full(bool full) {
    full_ = full;
    dut_->event_full = full;
  }

  /// Opens a ping; its transaction, or nothing when all are in use.
  std::optional<std::uint32_t> open(std::uint64_t timeout) {
    return open(timeout, random_.chance(70), static_cast<std::uint32_t>(random_.below(kSas)));
  }
  std::optional<std::uint32_t> open(std::uint64_t timeout, bool timed, std::uint32_t sa = 0) {
    dut_.settle();
    if (!dut_->free_valid) return std::nullopt;
    const std::uint32_t transaction = dut_->free_transaction;
    EXPECT_EQ(transaction >> 30, 2U);
    EXPECT_FALSE(all_.contains(transaction)) << "a transaction was given out twice";
    const Ping ping{.sa = sa,
                    .cookie = static_cast<std::uint32_t>(random_.word()),
                    .timed = timed,
                    .t_origin = random_.word(),
                    .deadline = now_ + timeout};
    dut_->open_valid = 1;
    dut_->open_sa = ping.sa;
    dut_->open_cookie = ping.cookie;
    dut_->open_timed = ping.timed;
    dut_->open_t_origin = ping.t_origin;
    dut_->open_deadline = ping.deadline;
    for (unsigned i = 0;; ++i) {
      dut_.settle();
      const bool taken = dut_->open_ready;
      if (taken) all_[transaction] = ping;
      tick();
      if (taken) break;
      if (i == 20) throw std::runtime_error("a ping is not taken");
    }
    dut_->open_valid = 0;
    return transaction;
  }

  void offer(std::uint32_t sa, std::uint32_t transaction, std::uint64_t t_origin) {
    offered_ = {
        .sa = sa, .transaction = transaction, .t_origin = t_origin, .n = random_.word(), .token_nonce = random_.word()};
    offers_ = true;
    dut_->reply_valid = 1;
    dut_->reply_sa = sa;
    dut_->reply_transaction = transaction;
    dut_->reply_t_origin = t_origin;
    dut_->reply_n = offered_.n;
    dut_->reply_token_nonce = offered_.token_nonce;
  }

  /// Offers a reply and gives the verdict, which tick() compares with the model's.
  Result reply(std::uint32_t sa, std::uint32_t transaction, std::uint64_t t_origin) {
    offer(sa, transaction, t_origin);
    for (unsigned i = 0; offers_ || !asked_.empty(); ++i) {
      if (i == 200) throw std::runtime_error("a reply is never decided");
      tick();
    }
    return result_;
  }
  /// The reply that an honest peer gives.
  Result reply(std::uint32_t transaction) {
    const Ping& ping = all_.at(transaction);
    return reply(ping.sa, transaction, echo_of(ping));
  }
  static std::uint64_t echo_of(const Ping& ping) { return ping.timed ? ping.t_origin : 0; }

  /// One of the last 40 pings, now and then with something changed; often the same one again.
  void offer_some() {
    if (!random_.chance(20) || !all_.contains(some_)) {
      auto at = all_.begin();
      std::advance(at, all_.size() - 1 - random_.below(std::min<std::size_t>(all_.size(), 40)));
      some_ = at->first;
    }
    const Ping& ping = all_.at(some_);
    std::uint64_t t_origin = echo_of(ping);
    std::uint32_t transaction = some_;
    if (random_.chance(5)) t_origin ^= std::uint64_t{1} << random_.below(64);
    if (random_.chance(5)) t_origin = 0;
    if (random_.chance(5)) transaction += kPings * static_cast<std::uint32_t>(1 + random_.below(3));
    offer(random_.chance(10) ? static_cast<std::uint32_t>(random_.below(kSas)) : ping.sa, transaction, t_origin);
  }

  /// Replies that touch each other, beside whatever the test does.
  void stream() {
    if (!offers_ && !all_.empty() && random_.chance(stream_chance_)) offer_some();
  }

  Result expect(const Reply& reply) const {
    const auto found = all_.find(reply.transaction);
    if (found == all_.end()) return unasked;
    const Ping& ping = found->second;
    if (newest_of(reply.transaction % kPings) != reply.transaction) return late;
    if (ping.sa != reply.sa) return unasked;
    if (ping.timed && reply.t_origin != ping.t_origin) return unasked;
    if (ping.state == Ping::open) return full_ ? full : matched;
    return ping.state == Ping::timed_out ? late : unasked;
  }

  std::uint32_t newest_of(std::uint32_t index) const {
    std::uint32_t newest = 0;
    for (const auto& [transaction, ping] : all_) {
      if (transaction % kPings == index) newest = std::max(newest, transaction);
    }
    return newest;
  }

  std::vector<std::uint32_t> in_state(int state) const {
    std::vector<std::uint32_t> found;
    for (const auto& [transaction, ping] : all_) {
      if (ping.state == state) found.push_back(transaction);
    }
    return found;
  }

  RandomSource random_;
  Clocked<Vping_table_bench> dut_;
  std::map<std::uint32_t, Ping> all_;  ///< by transaction
  Reply offered_{};
  bool offers_ = false;      ///< a reply that has not been taken yet
  std::deque<Reply> asked_;  ///< taken and not judged
  Result result_ = unasked;  ///< of the last one
  std::map<Result, int> seen_;
  std::vector<unsigned> faults_;  ///< indices of damaged entries that have been read
  std::uint32_t some_ = 0;        ///< the last transaction of offer_some()
  bool streaming_ = false;
  unsigned stream_chance_ = 0, event_chance_ = 100;
  bool full_ = false;  ///< the event ring
  std::uint64_t now_ = 0;
};

TEST_F(PingTable, DoesWhatTheModelSays) {
  event_chance_ = 50;
  for (const unsigned chance : {0U, 10U, 100U}) {
    seen_.clear();
    stream_chance_ = chance;
    streaming_ = chance != 0;
    for (int i = 0; i < 6000 && !HasFatalFailure(); ++i) {
      set_full(random_.chance(20));
      if (random_.chance(40)) open(random_.below(400));
      if (!streaming_ && random_.chance(60) && !all_.empty()) {
        offer_some();
        while (offers_ || !asked_.empty()) tick();
      }
      for (auto n = random_.below(20); n > 0; --n) tick();
    }
    for (const Result result : {matched, late, unasked, full}) EXPECT_GT(seen_[result], 10) << result;
  }
  // In the end every ping has had its event.
  streaming_ = false;
  event_chance_ = 100;
  set_full(false);
  for (unsigned i = 0; i < 400 + kSweep; ++i) tick();
  EXPECT_TRUE(in_state(Ping::open).empty());
  EXPECT_GT(in_state(Ping::answered).size(), 100U);
  EXPECT_GT(in_state(Ping::timed_out).size(), 100U);
}

TEST_F(PingTable, TakesAReplyEveryThreeCycles) {
  std::vector<std::uint32_t> asked;
  for (unsigned i = 0; i < kPings; ++i) asked.push_back(*open(1'000'000));
  const std::uint64_t begun = now_;
  for (const std::uint32_t transaction : asked) {
    offer(all_.at(transaction).sa, transaction, echo_of(all_.at(transaction)));
    while (offers_) tick();
  }
  EXPECT_LE(now_ - begun, 3 * kPings + 6);
  while (!asked_.empty()) tick();
  EXPECT_EQ(in_state(Ping::answered).size(), kPings);
}

TEST_F(PingTable, TimeOutsWaitForRoomAndThenAllCome) {
  set_full(true);
  for (unsigned i = 0; i < kPings; ++i) ASSERT_TRUE(open(10));
  EXPECT_FALSE(open(10));
  for (int i = 0; i < 1000; ++i) tick();
  EXPECT_EQ(in_state(Ping::open).size(), kPings);
  set_full(false);
  for (unsigned i = 0; i < kSweep; ++i) tick();
  EXPECT_EQ(in_state(Ping::timed_out).size(), kPings);
}

/// Replies that touch each other, each for the sweep to wait for.
TEST_F(PingTable, TimesOutWhileRepliesFloodIt) {
  const auto transaction = open(50);
  const std::uint64_t begin = now_;
  while (all_.at(*transaction).state == Ping::open && now_ < begin + 50 + 20 * kSweep) {
    if (!offers_) offer(5, 0x8000'0000U | static_cast<std::uint32_t>(random_.word() & 15), 0);
    tick();
  }
  EXPECT_EQ(all_.at(*transaction).state, Ping::timed_out);
}

TEST_F(PingTable, AttackWithRepliesOfAnEarlierLifeProvesNothing) {
  for (unsigned i = 0; i < kPings; ++i) ASSERT_TRUE(open(1'000'000, true));
  const std::map<std::uint32_t, Ping> recorded = all_;
  restart();
  // The second life uses the same transactions, on the same SAs.
  for (const auto& [transaction, ping] : recorded) ASSERT_EQ(open(1'000'000, true, ping.sa), transaction);
  for (const auto& [transaction, ping] : recorded) {
    EXPECT_EQ(reply(ping.sa, transaction, echo_of(ping)), unasked);
    EXPECT_EQ(reply(ping.sa, transaction, 0), unasked) << "without a telemetry block";
  }
  EXPECT_EQ(in_state(Ping::open).size(), kPings);
  for (const auto& [transaction, ping] : recorded) EXPECT_EQ(reply(transaction), matched);
}

TEST_F(PingTable, ReusesTheIndexFreedLongestAgo) {
  std::vector<std::uint32_t> first;
  for (unsigned i = 0; i < kPings; ++i) first.push_back(*open(1'000'000));
  for (const unsigned i : {7U, 2U, 11U}) ASSERT_EQ(reply(first[i]), matched);
  for (int i = 0; i < 8; ++i) tick();
  for (const unsigned i : {7U, 2U, 11U}) EXPECT_EQ(*open(1'000'000), first[i] + kPings);
}

TEST_F(PingTable, ForgetsEverythingWithAReset) {
  for (unsigned i = 0; i < kPings; ++i) ASSERT_TRUE(open(1000));
  const std::map<std::uint32_t, Ping> before = all_;
  restart();
  for (const auto& [transaction, ping] : before) EXPECT_EQ(reply(ping.sa, transaction, echo_of(ping)), unasked);
  // None of them times out: tick() would meet an event of a ping that it does not know.
  for (unsigned i = 0; i < 1000 + kSweep; ++i) tick();
}

/// A bit of an entry flips while its ping is outstanding, then while nothing is.
class DamagedPing : public PingTable {
 protected:
  DamagedPing()
      : memory_(table_memory("pings", regs::SaTable::pings, 206,
                             dut_->rootp->ping_table_bench__DOT__u_dut__DOT__u_entries__DOT__memory)) {}

  TableMemory memory_;
};

TEST_F(DamagedPing, ProvesNothingEndsInNoEventAndItsIndexIsNotUsedAgain) {
  for (unsigned bit = 0; bit < memory_.width && !HasFailure(); ++bit) {
    SCOPED_TRACE(testing::Message() << "bit " << bit);
    const std::uint32_t transaction = *open(100);
    for (unsigned i = 0; i < 4; ++i) tick();  // written
    memory_.flip(transaction % kPings, bit);
    all_.at(transaction).state = Ping::answered;  // for the model: no event may come
    if (random_.chance(50)) {
      EXPECT_EQ(reply(transaction), unasked);
    }
    for (unsigned i = 0; i < 100 + kSweep; ++i) tick();
    EXPECT_EQ(faults_, std::vector{transaction % kPings});
    EXPECT_FALSE(memory_.is_damaged(transaction % kPings));
    unsigned left = 0;
    while (open(1'000'000)) ++left;
    EXPECT_EQ(left, kPings - 1);
    for (const std::uint32_t other : in_state(Ping::open)) EXPECT_EQ(reply(other), matched);
    faults_.clear();
    restart();
  }
}

TEST_F(DamagedPing, AnEntryThatIsFreeIsUsedAsBefore) {
  for (unsigned bit = 0; bit < memory_.width && !HasFailure(); ++bit) {
    SCOPED_TRACE(testing::Message() << "bit " << bit);
    const auto index = static_cast<unsigned>(random_.below(kPings));
    memory_.flip(index, bit);
    for (unsigned i = 0; i < kSweep; ++i) tick();
    EXPECT_EQ(faults_, std::vector{index});
    faults_.clear();
  }
  for (unsigned i = 0; i < kPings; ++i) ASSERT_TRUE(open(1'000'000));
  for (const std::uint32_t transaction : in_state(Ping::open)) EXPECT_EQ(reply(transaction), matched);
}

}  // namespace
}  // namespace sapulse::test
