// SPDX-License-Identifier: Apache-2.0
// Floods, on both models: what honest peers get beside them (docs/security.md).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

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

/// Pings of one honest peer, SA 0, and what becomes of them.
class HonestPeer : public Floods {
 protected:
  static constexpr std::uint64_t kShareCycles = 65536 / 64;  // TX_SHARE after reset

  explicit HonestPeer(unsigned sas) : config_(sample_config(seed_, sas)) {}

  void ask() {
    const Bytes ping = generator_.ping(0, true, kTelemetryBytes);
    asked_.insert(transaction_of(ping));
    bench_.line(ping);
  }

  /// Transactions of the pings that have been answered.
  std::set<std::uint32_t> answered() {
    std::set<std::uint32_t> transactions;
    for (const Bytes& frame : bench_.so_far().line_out) {
      if (type_of(frame) == type_echo_reply && asked_.contains(transaction_of(frame))) {
        transactions.insert(transaction_of(frame));
      }
    }
    return transactions;
  }

  std::uint64_t counter(const char* name) {
    return named(must(bench_.endpoint().card().counters(), "counters")).at(name);
  }

  /// Line TX is so full that answers leave in their share of it only: one after each 64 KiB of customer frames.
  void keep_full() {
    while (bench_.card().pending(sim::Port::core) < 200) bench_.core(customer_);
  }
  /// Until so many answers have left on the full line.
  void wait_shares(unsigned shares) {
    for (unsigned share = 0; share < shares; ++share) {
      bench_.step(kShareCycles);
      keep_full();
    }
  }

  traffic::Config config_;
  Generator generator_{config_, seed_, {.wrappings = false, .replays = false}};
  Bench bench_{config_, options()};
  std::set<std::uint32_t> asked_;

 private:
  const Bytes customer_ = [this] {
    Bytes frame = generator_.customer("customer ESP").frame;
    frame.resize(1500, 0x5c);
    return frame;
  }();
};

/// The honest peer beside clear echoes in anybody's name, as fast as the line brings them.
class ClearEchoes : public HonestPeer {
 protected:
  static constexpr unsigned kPings = 24;

  ClearEchoes() : HonestPeer(2) {}
};

TEST_P(ClearEchoes, AttackByClearEchoesLeavesPings) {
  Generator attacker(config_, seed_ + 1, {.max_data = 200});
  for (unsigned i = 0; i < kPings; ++i) {
    for (unsigned echo = 0; echo < 200; ++echo) bench_.line(attacker.good("clear echo").frame);
    ask();
  }
  bench_.settle();
  EXPECT_EQ(answered(), asked_);
  EXPECT_GT(counter("DROP_LIMITED") + counter("DROP_OVERFLOW"), 1000U) << "that is no flood";
  EXPECT_GT(counter("ECHO_ANSWERED"), 500U) << "echoes up to the limit are answered";
}

TEST_P(ClearEchoes, AttackByClearEchoesLeavesPingsOnAFullLine) {
  keep_full();
  for (const std::size_t echo_data : {std::size_t{64}, std::size_t{8000}}) {
    for (unsigned i = 0; i < kPings / 2; ++i) {
      Generator attacker(config_, seed_ + i + echo_data, {.max_data = echo_data});
      for (unsigned echo = 0; echo < 40; ++echo) bench_.line(attacker.good("clear echo").frame);
      ask();
      wait_shares(4);
    }
  }
  EXPECT_GT(counter("DROP_LIMITED") + counter("DROP_OVERFLOW"), 300U) << "that is no flood";
  bench_.settle();
  EXPECT_EQ(answered(), asked_);
}

/// The honest peer beside good pings of another one, on a full line.
class PingFloods : public HonestPeer {
 protected:
  static constexpr unsigned kFlooders = 39;  // SAs 1..39, all of them of one peer

  PingFloods() : HonestPeer(1 + kFlooders) {
    for (Association& sa : config_.sas) {
      if (&sa == config_.sas.data()) continue;
      sa.local = config_.sas[1].local;
      sa.peer = config_.sas[1].peer;
    }
  }

  /// `pings`: in a round, in which four can be answered at most; `next`: one of them.
  void flood(unsigned pings, const std::function<Bytes()>& next) {
    constexpr unsigned kRounds = 6;
    keep_full();
    for (unsigned round = 0; round < kRounds; ++round) {
      for (unsigned i = 0; i < pings; ++i) bench_.line(next());
      ask();
      wait_shares(4);
    }
    EXPECT_GT(counter("DROP_OVERFLOW"), kRounds * pings * 3 / 4) << "that is no flood";
    bench_.settle();
    EXPECT_EQ(answered(), asked_);
  }
};

TEST_P(PingFloods, AttackByOneSaLeavesThePingsOfOthers) {
  flood(200, [this] { return generator_.ping(1, true, kTelemetryBytes); });
}

TEST_P(PingFloods, AttackByLongPingsLeavesThePingsOfOthers) {
  flood(60, [this] { return generator_.ping(1, true, 2000); });
}

/// A peer with one SA that pretends to be many.
TEST_P(PingFloods, AttackWithForgedSourcesLeavesThePingsOfOthers) {
  const std::vector<Address> sources = [] {
    std::vector<Address> addresses;
    for (unsigned i = 1; i < 255; ++i) addresses.push_back(parse_address(fmt::format("203.0.113.{}", i)));
    return addresses;
  }();
  std::size_t sent = 0;
  flood(200, [&] {
    config_.sas[1].peer = sources[sent++ % sources.size()];
    return generator_.ping(1, true, kTelemetryBytes);
  });
}

/// A peer with many SAs.
TEST_P(PingFloods, AttackWithManySasLeavesThePingsOfOthers) {
  unsigned sent = 0;
  flood(200, [&] { return generator_.ping(1 + sent++ % kFlooders, true, kTelemetryBytes); });
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
INSTANTIATE_TEST_SUITE_P(Models, PingFloods, testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast), name_of);
INSTANTIATE_TEST_SUITE_P(Models, ClearEchoes, testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast), name_of);

}  // namespace
}  // namespace sapulse::test
