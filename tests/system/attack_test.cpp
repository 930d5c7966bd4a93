// SPDX-License-Identifier: Apache-2.0
// Floods, on both models: what honest peers get beside them (docs/security.md).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bench.h"
#include "support/convert.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

class Floods : public testing::TestWithParam<sim::ModelKind> {
 protected:
  BenchOptions options() const { return {.model = GetParam(), .seed = seed_}; }

  const std::uint64_t seed_ = test_seed(81);
};

/// Type of a control message, or 0.
unsigned type_of(const Bytes& frame) {
  const Dissected at = dissect(frame);
  return at.kind == Dissected::Kind::spi && at.wrap.spi == 253 ? frame[at.payload + 1] : 0U;
}

std::uint32_t transaction_of(const Bytes& frame) { return get32(frame, dissect(frame).payload + 12); }

/// Pings of one honest peer beside clear echoes in anybody's name, as fast as the line brings them.
class ClearEchoes : public Floods {
 protected:
  static constexpr unsigned kPings = 24;

  /// Sends a ping after each `echoes` clear echoes with up to `echo_data` bytes of data.
  void flood(unsigned echoes, std::size_t echo_data) {
    Generator attacker(config_, seed_ + 1, {.max_data = echo_data});
    for (unsigned i = 0; i < kPings; ++i) {
      for (unsigned echo = 0; echo < echoes; ++echo) bench_.line(attacker.good("clear echo").frame);
      const Bytes ping = peer_.ping(0, true, kTelemetryBytes);
      asked_.insert(transaction_of(ping));
      bench_.line(ping);
    }
  }

  /// Transactions of the pings that have been answered.
  std::set<std::uint32_t> answered() {
    std::set<std::uint32_t> transactions;
    for (const Bytes& frame : bench_.so_far().line_out) {
      if (type_of(frame) == type_echo_reply) transactions.insert(transaction_of(frame));
    }
    return transactions;
  }

  std::uint64_t counter(const char* name) {
    return named(must(bench_.endpoint().card().counters(), "counters")).at(name);
  }

  const traffic::Config config_ = sample_config(seed_, 2);
  Generator peer_{config_, seed_, {.wrappings = false, .replays = false}};
  Bench bench_{config_, options()};
  std::set<std::uint32_t> asked_;
};

TEST_P(ClearEchoes, AttackByClearEchoesLeavesPings) {
  flood(200, 200);
  bench_.settle();
  EXPECT_EQ(answered(), asked_);
  EXPECT_GT(counter("DROP_LIMITED") + counter("DROP_OVERFLOW"), 1000U) << "that is no flood";
  EXPECT_GT(counter("ECHO_ANSWERED"), 500U) << "echoes up to the limit are answered";
}

/// Line TX is so full that answers leave in their share of it only: one after each 64 KiB of customer frames.
TEST_P(ClearEchoes, AttackByClearEchoesLeavesPingsOnAFullLine) {
  constexpr std::uint64_t kShareCycles = 65536 / 64;
  const Bytes customer = [&] {
    Bytes frame = peer_.customer("customer ESP").frame;
    frame.resize(1500, 0x5c);
    return frame;
  }();
  const auto keep_full = [&] {
    while (bench_.card().pending(sim::Port::core) < 200) bench_.core(customer);
  };
  keep_full();
  for (const std::size_t echo_data : {std::size_t{64}, std::size_t{8000}}) {
    for (unsigned i = 0; i < kPings / 2; ++i) {
      Generator attacker(config_, seed_ + i + echo_data, {.max_data = echo_data});
      for (unsigned echo = 0; echo < 40; ++echo) bench_.line(attacker.good("clear echo").frame);
      const Bytes ping = peer_.ping(0, true, kTelemetryBytes);
      asked_.insert(transaction_of(ping));
      bench_.line(ping);
      for (unsigned share = 0; share < 4; ++share) {
        bench_.step(kShareCycles);
        keep_full();
      }
    }
  }
  EXPECT_GT(counter("DROP_LIMITED") + counter("DROP_OVERFLOW"), 300U) << "that is no flood";
  bench_.settle();
  EXPECT_EQ(answered(), asked_);
}

/// Messages to SPIs that the card does not know: one source in masses, others one each.
TEST_P(Floods, AttackByOneSourceLeavesTheErrorsOfOthers) {
  constexpr unsigned kOthers = 12;
  constexpr unsigned kFlood = 400;  // before each of them
  traffic::Config known = sample_config(seed_, 3 * kOthers);
  const traffic::Config config = [&] {
    traffic::Config card = known;
    card.sas.clear();
    return card;
  }();
  Generator generator(known, seed_, {.wrappings = false, .replays = false});
  Bench bench(config, options());
  std::set<Address> others;
  for (unsigned i = 1; i <= kOthers; ++i) {
    for (unsigned flood = 0; flood < kFlood; ++flood) bench.line(generator.ping(0, false, 100));
    bench.line(generator.ping(i, false, 100));
    others.insert(known.sas[i].peer);
  }
  bench.settle();
  std::set<Address> told;
  unsigned flooder = 0;
  for (const Bytes& frame : bench.result().line_out) {
    ASSERT_EQ(type_of(frame), type_error_clear);
    const Address& to = dissect(frame).network.to;
    if (to == known.sas[0].peer) {
      ++flooder;
    } else {
      told.insert(to);
    }
  }
  EXPECT_EQ(told, others);
  EXPECT_GT(flooder, 0U);
  EXPECT_LT(flooder, kOthers * kFlood / 2) << "it is limited";
}

std::string name_of(const testing::TestParamInfo<sim::ModelKind>& info) {
  return info.param == sim::ModelKind::rtl ? "rtl" : "fast";
}

INSTANTIATE_TEST_SUITE_P(Models, Floods, testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast), name_of);
INSTANTIATE_TEST_SUITE_P(Models, ClearEchoes, testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast), name_of);

}  // namespace
}  // namespace sapulse::test
