// SPDX-License-Identifier: Apache-2.0
#include <Vpolicy_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "ascon_reference.h"
#include "clocked.h"
#include "policy_model.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr int kLookupLatency = 5;                     // sa_pkg::LOOKUP_LATENCY
constexpr int kDecisionLatency = kLookupLatency + 3;  // record to decision
constexpr int kLimitLatency = kDecisionLatency - 1;   // record to question to the rate limiter
constexpr int kEnterLatency = kDecisionLatency - 2;   // record to its entry into the card
constexpr int kSourceBuckets = 1024;                  // cleared one a cycle after reset
constexpr std::uint32_t kLocalBase = 0x20010db8, kMacBase = 0x02001122;
constexpr unsigned kUdpPort = 4500;
constexpr unsigned kRoutePing = 1, kRouteEcho = 2;

/// As the bench does.
bool installed(std::uint32_t spi) { return (spi & 1) != 0; }

class PolicyRun {
 public:
  enum class Start : std::uint8_t { ready, disabled, after_reset };

  explicit PolicyRun(Start start = Start::ready) : enable_(start != Start::disabled) {
    config_.enable = start == Start::ready;
    mac_valid_ = random_.chance(50) ? 0 : static_cast<unsigned>(random_.below(16));
    config_.any_mac = mac_valid_ == 0;
    sources_blocked_ = random_.chance(30);
    config_.authoritative = random_.chance(50);
    config_.copy_malformed = random_.chance(50);
    config_.copy_version = random_.chance(50);
    for (auto& action : config_.actions) action = static_cast<regs::Action>(random_.below(6));
    local_valid_ = static_cast<std::uint16_t>(random_.word());
    for (int cycle = 0; start != Start::after_reset && cycle < kSourceBuckets; ++cycle) policy_.tick();
  }

  void run(int cycles, unsigned record_chance) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step(record_chance);
  }
  [[nodiscard]] int seen(regs::Cause cause) const { return causes_[static_cast<std::size_t>(cause)]; }
  [[nodiscard]] int opened() const { return opened_; }
  [[nodiscard]] int refused() const { return refused_; }

 private:
  std::uint32_t random_spi() {
    return static_cast<std::uint32_t>(random_.chance(70) ? random_.below(256) : random_.word());
  }
  unsigned random_malformed() { return static_cast<unsigned>(random_.chance(80) ? 0 : 1 + random_.below(10)); }

  void step(unsigned record_chance) {
    policy_->enable = enable_;
    policy_->authoritative = config_.authoritative;
    policy_->copies = config_.copy_malformed | config_.copy_version << 1;
    policy_->local_valid = local_valid_;
    policy_->local_base = kLocalBase;
    policy_->mac_valid = mac_valid_;
    policy_->mac_base = kMacBase;
    policy_->udp_port = kUdpPort;
    policy_->sources_blocked = sources_blocked_;
    policy_->record_valid = random_.chance(record_chance);
    if (policy_->record_valid) new_record();
    policy_->limit_pass = random_.chance(60);
    policy_->action = 0;
    policy_.settle();
    policy_->action = static_cast<unsigned>(config_.actions[policy_->action_spi]);
    policy_.settle();
    check_enter();
    check_limit();
    check_decision();
    ++cycle_;
    policy_.tick();
  }

  /// Of an entry of a table, or of none.
  struct Address {
    bool high_matches;
    unsigned low;
  };
  Address random_address(unsigned entries, unsigned chance) {
    return {random_.chance(chance), static_cast<unsigned>(random_.below(entries))};
  }
  std::uint32_t high(const Address& address, std::uint32_t base) {
    return address.high_matches ? base : base ^ 1U << random_.below(32);
  }

  void new_record() {
    const Address to = random_address(16, 90);
    const Address from = random_address(16, 20);
    const Address mac = random_address(4, 90);
    const auto listed = [](const Address& a, unsigned valid) { return a.high_matches && (valid >> a.low & 1) != 0; };
    PolicyRecord r{.kind = static_cast<unsigned>(random_.chance(90) ? 2 : random_.below(2)),
                   .ip_malformed = random_malformed(),
                   .echo_malformed = random_malformed(),
                   .echo_reply_malformed = random_malformed(),
                   .control_malformed = random_malformed(),
                   .to_local = listed(to, local_valid_),
                   .to_own_mac = listed(mac, mac_valid_),
                   .to_group_mac = random_.chance(10),
                   .to_mapped = random_.chance(10),
                   .from_unusable = random_.chance(10),
                   .from_local = listed(from, local_valid_),
                   .echo_return = random_.chance(30),
                   .encap = static_cast<unsigned>(random_.below(3)),
                   .to_port = random_.chance(80),
                   .spi = random_spi(),
                   .subject = static_cast<std::uint32_t>(random_.word()),
                   .message = static_cast<unsigned>(random_.chance(70) ? random_.below(8) : random_.below(256))};
    policy_->kind = r.kind;
    policy_->ip_malformed = r.ip_malformed;
    policy_->echo_malformed = r.echo_malformed;
    policy_->echo_reply_malformed = r.echo_reply_malformed;
    policy_->control_malformed = r.control_malformed;
    policy_->dst_high = high(to, kLocalBase);
    policy_->dst_low = to.low;
    policy_->src_high = high(from, kLocalBase);
    policy_->src_low = from.low;
    policy_->mac_high = high(mac, kMacBase);
    policy_->mac_low = mac.low;
    policy_->group_mac = r.to_group_mac;
    policy_->mapped_destination = r.to_mapped;
    policy_->source_unusable = r.from_unusable;
    policy_->echo_return = r.echo_return;
    policy_->encap = r.encap;
    policy_->dport = r.to_port ? kUdpPort : kUdpPort ^ 1U << random_.below(16);
    policy_->spi = r.spi;
    policy_->subject = r.subject;
    policy_->message = r.message;
    policy_->number = ++numbers_;
    const unsigned source = source_bucket(0, std::uint64_t{policy_->src_high} << 32, policy_->src_low) & 0xff;
    pending_.push_back({cycle_, numbers_, r, decide(config_, r, installed), source, false});
  }

  struct Pending;
  Pending* came_before(int cycles) {
    for (auto& p : pending_) {
      if (p.cycle + cycles == cycle_) return &p;
    }
    return nullptr;
  }

  /// A frame that has an SA enters.
  void check_enter() {
    const Pending* p = came_before(kEnterLatency);
    const bool enters = p != nullptr && (p->expected.opens || p->expected.data_seen);
    ASSERT_EQ(policy_->enter_valid, enters);
    if (enters) ASSERT_EQ(policy_->enter_epoch, p->expected.looked_up >> 1 & 1);
  }

  /// The rate limiter is asked once for each exception and each clear echo, one cycle before the decision, but not for
  /// what its source has no token for.
  void check_limit() {
    Pending* asking = came_before(kLimitLatency);
    const bool wants = asking != nullptr && asking->expected.cause.has_value();
    const bool refused = wants && asking->expected.by_source && sources_blocked_;
    ASSERT_EQ(policy_->limit_valid, wants && !refused) << "cycle " << cycle_;
    if (refused) {
      asking->limited = true;
      ++refused_;
    } else if (wants) {
      ASSERT_EQ(policy_->limit_cause, static_cast<unsigned>(*asking->expected.cause));
      asking->limited = !policy_->limit_pass;
    }
  }

  void check_decision() {
    const bool due = !pending_.empty() && pending_.front().cycle + kDecisionLatency == cycle_;
    ASSERT_EQ(policy_->decision_valid, due);
    if (!due) return;
    const Pending p = pending_.front();
    pending_.pop_front();
    SCOPED_TRACE(::testing::Message() << "record " << p.number << " spi " << p.record.spi << " message "
                                      << p.record.message);
    const PolicyDecision& e = p.expected;
    const bool let_through = e.cause && !p.limited;
    ASSERT_EQ(policy_->decision_number, p.number);
    ASSERT_EQ(policy_->pass, e.pass);
    ASSERT_EQ(policy_->take, e.opens || let_through);
    ASSERT_EQ(policy_->fragment, p.record.kind == 1);
    ASSERT_EQ(policy_->limited, e.copy && p.limited);
    ASSERT_EQ(policy_->data_seen, e.data_seen);
    if (e.drop) ASSERT_EQ(policy_->drop, static_cast<unsigned>(*e.drop));
    if (!e.copy && e.cause && p.limited) ASSERT_EQ(policy_->drop, static_cast<unsigned>(regs::Counter::drop_limited));
    if (policy_->take) ASSERT_EQ(policy_->route, e.opens ? kRoutePing : e.echoes ? kRouteEcho : 0U);
    if (let_through) {
      ASSERT_EQ(policy_->cause, static_cast<unsigned>(*e.cause));
      ASSERT_EQ(policy_->copy, e.copy);
      ++causes_[static_cast<std::size_t>(*e.cause)];
    }
    if (policy_->take) {
      ASSERT_EQ(policy_->holder_source, p.source);
      ASSERT_EQ(policy_->holder_ping, e.opens);
      if (e.opens) ASSERT_EQ(policy_->holder_sa, e.looked_up >> 2 & 0xff);
    }
    if (e.opens || e.data_seen) {
      ASSERT_EQ(policy_->sa, e.looked_up >> 2 & 0x3ff);
      ASSERT_EQ(policy_->epoch, e.looked_up >> 1 & 1);
    }
    opened_ += e.opens;
  }

  struct Pending {
    int cycle;
    std::uint32_t number;
    PolicyRecord record;
    PolicyDecision expected;
    unsigned source;
    bool limited;
  };
  RandomSource random_;
  Clocked<Vpolicy_bench> policy_;
  bool enable_;
  PolicyConfig config_{};
  std::uint16_t local_valid_ = 0;
  unsigned mac_valid_ = 0;
  bool sources_blocked_ = false;
  std::deque<Pending> pending_;
  std::uint32_t numbers_ = 0;
  int cycle_ = 0, opened_ = 0, refused_ = 0;
  std::array<int, regs::kCauseCount> causes_{};
};

TEST(Policy, DecidesAsTheModelDoes) {
  int opened = 0, refused = 0;
  std::array<int, regs::kCauseCount> seen{};
  for (int configuration = 0; configuration < 40; ++configuration) {
    PolicyRun run;
    run.run(3000, 80);
    ASSERT_FALSE(HasFatalFailure());
    opened += run.opened();
    refused += run.refused();
    for (std::size_t cause = 0; cause < seen.size(); ++cause) seen[cause] += run.seen(static_cast<regs::Cause>(cause));
  }
  EXPECT_GT(opened, 100);
  EXPECT_GT(refused, 100);
  // Some are only known to be such once they have been opened.
  constexpr std::array kLater{regs::Cause::error_protected, regs::Cause::reply,     regs::Cause::sa_down,
                              regs::Cause::peer_moved,      regs::Cause::integrity, regs::Cause::replayed};
  for (std::size_t cause = 0; cause < seen.size(); ++cause) {
    const bool later = std::ranges::find(kLater, static_cast<regs::Cause>(cause)) != kLater.end();
    EXPECT_EQ(seen[cause] == 0, later) << "cause " << cause;
  }
}

TEST(Policy, TakesARecordEveryCycle) {
  PolicyRun run;
  run.run(5000, 100);
}

TEST(Policy, PassesEverythingWhenDisabled) {
  PolicyRun run(PolicyRun::Start::disabled);
  run.run(3000, 90);
  EXPECT_EQ(run.opened(), 0);
}

TEST(Policy, PassesEverythingUntilTheBucketsOfTheSourcesAreReady) {
  PolicyRun run(PolicyRun::Start::after_reset);
  run.run(kSourceBuckets - 50, 90);
  EXPECT_EQ(run.opened(), 0);
}

}  // namespace
}  // namespace sapulse::test
