// SPDX-License-Identifier: Apache-2.0
// Pings are opened, answered, forged, forgotten and timed out at random; a model says what must become of each.
#include <Vping_table_bench.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

constexpr unsigned pings = 16, sas = 3;
constexpr unsigned sweep = pings * 8;  // cycles in which every entry is visited, however many replies come
enum Result : unsigned { matched, late, unasked, full };

struct Ping {
  std::uint32_t sa, cookie;
  std::uint64_t t_origin, deadline;
  enum { open, answered, timed_out } state = open;
};

class PingTable : public ::testing::Test {
 protected:
  PingTable() {
    dut_->open_valid = dut_->reply_valid = 0;
    dut_->event_ready = 1;
    dut_->event_full = 0;
    dut_->uptime = 0;
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
    dut_.settle();
    check_event();
    dut_.tick();
    dut_->uptime = ++now_;
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
    if (dut_->event_kind == static_cast<unsigned>(regs::EventKind::kPingReply)) {
      ASSERT_TRUE(dut_->reply_valid);
      ASSERT_EQ(dut_->event_n, dut_->reply_n);
      ASSERT_EQ(dut_->event_transaction, dut_->reply_transaction);
      ping.state = Ping::answered;
    } else {
      ASSERT_EQ(dut_->event_kind, static_cast<unsigned>(regs::EventKind::kPingTimeout));
      ASSERT_GE(now_, ping.deadline) << "timed out too early";
      ping.state = Ping::timed_out;
    }
  }

  void set_full(bool full) {
    full_ = full;
    dut_->event_full = full;
    dut_->event_ready = !full;
  }

  /// Opens a ping; its transaction, or nothing when all are in use.
  std::optional<std::uint32_t> open(std::uint64_t timeout) {
    dut_.settle();
    if (!dut_->free_valid) return std::nullopt;
    const std::uint32_t transaction = dut_->free_transaction;
    EXPECT_EQ(transaction >> 30, 2U);
    EXPECT_FALSE(all_.contains(transaction)) << "a transaction was given out twice";
    const Ping ping{.sa = static_cast<std::uint32_t>(random_.below(sas)),
                    .cookie = static_cast<std::uint32_t>(random_.word()),
                    .t_origin = random_.word(),
                    .deadline = now_ + timeout};
    dut_->open_valid = 1;
    dut_->open_sa = ping.sa;
    dut_->open_cookie = ping.cookie;
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

  /// Offers a reply and gives the answer; expected_ is what the model says in the cycle of the decision.
  Result reply(std::uint32_t sa, std::uint32_t transaction) {
    dut_->reply_valid = 1;
    dut_->reply_sa = sa;
    dut_->reply_transaction = transaction;
    dut_->reply_n = random_.word();
    for (unsigned i = 0; i < 200; ++i) {
      dut_->event_ready = !full_ && random_.chance(50);
      dut_.settle();
      const bool decided = dut_->result_valid;
      EXPECT_EQ(decided, dut_->reply_ready);
      const auto result = static_cast<Result>(dut_->result);
      if (decided) expected_ = expect(sa, transaction);
      tick();
      if (!decided) continue;
      dut_->reply_valid = 0;
      return result;
    }
    ADD_FAILURE() << "a reply is never decided";
    dut_->reply_valid = 0;
    return full;
  }

  Result expect(std::uint32_t sa, std::uint32_t transaction) const {
    const auto found = all_.find(transaction);
    if (found != all_.end()) {
      const std::uint32_t newest = newest_of(transaction % pings);
      if (newest != transaction) return late;
      if (found->second.sa != sa) return unasked;
      if (found->second.state == Ping::open) return full_ ? full : matched;
      return found->second.state == Ping::timed_out ? late : unasked;
    }
    return unasked;
  }

  std::uint32_t newest_of(std::uint32_t index) const {
    std::uint32_t newest = 0;
    for (const auto& [transaction, ping] : all_) {
      if (transaction % pings == index) newest = std::max(newest, transaction);
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
  Result expected_ = unasked;
  bool full_ = false;  ///< the event ring
  std::uint64_t now_ = 0;
};

TEST_F(PingTable, DoesWhatTheModelSays) {
  std::map<Result, int> seen;
  for (int i = 0; i < 6000 && !HasFatalFailure(); ++i) {
    set_full(random_.chance(20));
    if (random_.chance(40)) open(random_.below(400));
    if (random_.chance(60) && !all_.empty()) {
      auto at = all_.begin();
      std::advance(at, all_.size() - 1 - random_.below(std::min<std::size_t>(all_.size(), 40)));
      std::uint32_t transaction = at->first;
      std::uint32_t sa = at->second.sa;
      if (random_.chance(10)) sa = static_cast<std::uint32_t>(random_.below(sas));
      if (random_.chance(5)) transaction += pings * static_cast<std::uint32_t>(1 + random_.below(3));
      const Result result = reply(sa, transaction);
      ASSERT_EQ(result, expected_) << "transaction " << std::hex << transaction << " SA " << sa;
      ++seen[result];
    }
    for (auto n = random_.below(20); n > 0; --n) tick();
  }
  for (const Result result : {matched, late, unasked, full}) EXPECT_GT(seen[result], 50) << result;
  // In the end every ping has had its event.
  set_full(false);
  for (unsigned i = 0; i < 400 + sweep; ++i) tick();
  EXPECT_TRUE(in_state(Ping::open).empty());
  EXPECT_GT(in_state(Ping::answered).size(), 100U);
  EXPECT_GT(in_state(Ping::timed_out).size(), 100U);
}

TEST_F(PingTable, TimeOutsWaitForRoomAndThenAllCome) {
  set_full(true);
  for (unsigned i = 0; i < pings; ++i) ASSERT_TRUE(open(10));
  EXPECT_FALSE(open(10));
  for (int i = 0; i < 1000; ++i) tick();
  EXPECT_EQ(in_state(Ping::open).size(), pings);
  set_full(false);
  for (unsigned i = 0; i < sweep; ++i) tick();
  EXPECT_EQ(in_state(Ping::timed_out).size(), pings);
}

TEST_F(PingTable, TimesOutWhileRepliesFloodIt) {
  const auto transaction = open(50);
  const std::uint64_t begin = now_;
  while (all_.at(*transaction).state == Ping::open && now_ < begin + 50 + 20 * sweep) {
    EXPECT_EQ(reply(5, 0x8000'0000U | static_cast<std::uint32_t>(random_.word() & 15)), unasked);
  }
  EXPECT_EQ(all_.at(*transaction).state, Ping::timed_out);
}

TEST_F(PingTable, ReusesTheIndexFreedLongestAgo) {
  std::vector<std::uint32_t> first;
  for (unsigned i = 0; i < pings; ++i) first.push_back(*open(1'000'000));
  for (const unsigned i : {7U, 2U, 11U}) ASSERT_EQ(reply(all_.at(first[i]).sa, first[i]), matched);
  for (int i = 0; i < 8; ++i) tick();
  for (const unsigned i : {7U, 2U, 11U}) EXPECT_EQ(*open(1'000'000), first[i] + pings);
}

TEST_F(PingTable, ForgetsEverythingWithAReset) {
  for (unsigned i = 0; i < pings; ++i) ASSERT_TRUE(open(1000));
  const std::map<std::uint32_t, Ping> before = std::exchange(all_, {});
  dut_->rst = 1;
  tick();
  dut_->rst = 0;
  wait_ready();
  for (const auto& [transaction, ping] : before) EXPECT_EQ(reply(ping.sa, transaction), unasked);
  // None of them times out: tick() would meet an event of a ping that it does not know.
  for (unsigned i = 0; i < 1000 + sweep; ++i) tick();
}

}  // namespace
}  // namespace sapulse::test
