// SPDX-License-Identifier: Apache-2.0
#include <Vpolicy_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "clocked.h"
#include "policy_model.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr int lookup_latency = 5;                     // sa_pkg::LOOKUP_LATENCY
constexpr int decision_latency = lookup_latency + 3;  // record to decision
constexpr int limit_latency = decision_latency - 1;   // record to question to the rate limiter
constexpr std::uint32_t local_base = 0x20010db8;
constexpr unsigned route_ping = 1, route_echo = 2;

/// As the bench does.
bool installed(std::uint32_t spi) { return (spi & 1) != 0; }

class PolicyRun {
 public:
  explicit PolicyRun(bool enable = true) {
    config_.enable = enable;
    config_.authoritative = random_.chance(50);
    config_.copy_malformed = random_.chance(50);
    config_.copy_version = random_.chance(50);
    for (auto& action : config_.actions) action = static_cast<regs::Action>(random_.below(6));
    local_valid_ = static_cast<std::uint16_t>(random_.word());
  }

  void run(int cycles, unsigned record_chance) {
    for (int cycle = 0; cycle < cycles && !::testing::Test::HasFatalFailure(); ++cycle) step(record_chance);
  }
  [[nodiscard]] int seen(regs::Cause cause) const { return causes_[static_cast<std::size_t>(cause)]; }
  [[nodiscard]] int opened() const { return opened_; }

 private:
  std::uint32_t random_spi() {
    return static_cast<std::uint32_t>(random_.chance(70) ? random_.below(256) : random_.word());
  }
  unsigned random_malformed() { return static_cast<unsigned>(random_.chance(80) ? 0 : 1 + random_.below(10)); }

  void step(unsigned record_chance) {
    policy_->enable = config_.enable;
    policy_->authoritative = config_.authoritative;
    policy_->copies = config_.copy_malformed | config_.copy_version << 1;
    policy_->local_valid = local_valid_;
    policy_->local_base = local_base;
    policy_->record_valid = random_.chance(record_chance);
    if (policy_->record_valid) new_record();
    policy_->limit_pass = random_.chance(60);
    policy_->action = 0;
    policy_.settle();
    policy_->action = static_cast<unsigned>(config_.actions[policy_->action_spi]);
    policy_.settle();
    check_limit();
    check_decision();
    ++cycle_;
    policy_.tick();
  }

  void new_record() {
    const bool high_matches = random_.chance(80);
    const auto low = static_cast<unsigned>(random_.below(16));
    PolicyRecord r{.kind = static_cast<unsigned>(random_.chance(90) ? 2 : random_.below(2)),
                   .ip_malformed = random_malformed(),
                   .echo_malformed = random_malformed(),
                   .control_malformed = random_malformed(),
                   .local = high_matches && (local_valid_ >> low & 1) != 0,
                   .encap = static_cast<unsigned>(random_.below(3)),
                   .spi = random_spi(),
                   .subject = static_cast<std::uint32_t>(random_.word()),
                   .message = static_cast<unsigned>(random_.chance(70) ? random_.below(8) : random_.below(256))};
    policy_->kind = r.kind;
    policy_->ip_malformed = r.ip_malformed;
    policy_->echo_malformed = r.echo_malformed;
    policy_->control_malformed = r.control_malformed;
    policy_->dst_high = high_matches ? local_base : local_base ^ 1U << random_.below(32);
    policy_->dst_low = low;
    policy_->encap = r.encap;
    policy_->spi = r.spi;
    policy_->subject = r.subject;
    policy_->message = r.message;
    policy_->number = ++numbers_;
    pending_.push_back({cycle_, numbers_, r, decide(config_, r, installed), false});
  }

  /// The rate limiter is asked once for each exception, one cycle before the decision; then a frame that has an SA
  /// enters.
  void check_limit() {
    Pending* asking = nullptr;
    for (auto& p : pending_) {
      if (p.cycle + limit_latency == cycle_) asking = &p;
    }
    const bool asks = asking != nullptr && asking->expected.cause.has_value();
    ASSERT_EQ(policy_->limit_valid, asks) << "cycle " << cycle_;
    if (asks) {
      ASSERT_EQ(policy_->limit_cause, static_cast<unsigned>(*asking->expected.cause));
      asking->limited = !policy_->limit_pass;
    }
    const bool enters = asking != nullptr && (asking->expected.opens || asking->expected.data_seen);
    ASSERT_EQ(policy_->enter_valid, enters);
    if (enters) ASSERT_EQ(policy_->enter_epoch, asking->expected.looked_up >> 1 & 1);
  }

  void check_decision() {
    const bool due = !pending_.empty() && pending_.front().cycle + decision_latency == cycle_;
    ASSERT_EQ(policy_->decision_valid, due);
    if (!due) return;
    const Pending p = pending_.front();
    pending_.pop_front();
    SCOPED_TRACE(::testing::Message() << "record " << p.number << " spi " << p.record.spi << " message "
                                      << p.record.message);
    const PolicyDecision& e = p.expected;
    const bool to_host = e.cause && !p.limited;
    ASSERT_EQ(policy_->decision_number, p.number);
    ASSERT_EQ(policy_->pass, e.pass);
    ASSERT_EQ(policy_->take, e.opens || e.echoes || to_host);
    ASSERT_EQ(policy_->fragment, p.record.kind == 1);
    ASSERT_EQ(policy_->limited, e.copy && p.limited);
    ASSERT_EQ(policy_->data_seen, e.data_seen);
    if (e.drop) ASSERT_EQ(policy_->drop, static_cast<unsigned>(*e.drop));
    if (!e.copy && e.cause && p.limited) ASSERT_EQ(policy_->drop, static_cast<unsigned>(regs::Counter::kDropLimited));
    if (policy_->take) ASSERT_EQ(policy_->route, e.opens ? route_ping : e.echoes ? route_echo : 0U);
    if (to_host) {
      ASSERT_EQ(policy_->cause, static_cast<unsigned>(*e.cause));
      ASSERT_EQ(policy_->copy, e.copy);
      ++causes_[static_cast<std::size_t>(*e.cause)];
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
    bool limited;
  };
  RandomSource random_;
  Clocked<Vpolicy_bench> policy_;
  PolicyConfig config_{};
  std::uint16_t local_valid_ = 0;
  std::deque<Pending> pending_;
  std::uint32_t numbers_ = 0;
  int cycle_ = 0, opened_ = 0;
  std::array<int, regs::kCauseCount> causes_{};
};

TEST(Policy, DecidesAsTheModelDoes) {
  int opened = 0;
  std::array<int, regs::kCauseCount> seen{};
  for (int configuration = 0; configuration < 20; ++configuration) {
    PolicyRun run;
    run.run(3000, 80);
    ASSERT_FALSE(HasFatalFailure());
    opened += run.opened();
    for (std::size_t cause = 0; cause < seen.size(); ++cause) seen[cause] += run.seen(static_cast<regs::Cause>(cause));
  }
  EXPECT_GT(opened, 100);
  // Some are only known to be such once they have been opened.
  constexpr std::array kLater{regs::Cause::kErrorProtected, regs::Cause::kReply, regs::Cause::kSaDown,
                              regs::Cause::kIntegrity, regs::Cause::kReplayed};
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
  PolicyRun run(false);
  run.run(3000, 90);
  EXPECT_EQ(run.opened(), 0);
}

}  // namespace
}  // namespace sapulse::test
