// SPDX-License-Identifier: Apache-2.0
// Whoever takes the frames of one port takes none for a while. What does not need that port goes on, and afterwards
// nothing is lost that the card has not counted as lost.
#include <gtest/gtest.h>

#include <algorithm>

#include "bench.h"
#include "sapulse/counters.h"
#include "support/convert.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using regs::Counter;

constexpr unsigned kSas = 16;
constexpr std::uint64_t kStuck = 30'000;   // cycles
constexpr std::uint64_t kPassage = 1'000;  // far more cycles than a frame takes that nobody holds up
constexpr Mixture kGood{.max_data = 400, .wrappings = false, .replays = false};

class StuckPort : public testing::Test {
 protected:
  void customers_to_gateway(unsigned frames) {
    for (unsigned i = 0; i < frames; ++i) bench_.line(generator_.customer("TCP").frame);
  }
  void customers_to_network(unsigned frames) {
    for (unsigned i = 0; i < frames; ++i) bench_.core(generator_.core().frame);
  }
  void pings(unsigned frames) {
    for (unsigned i = 0; i < frames; ++i) bench_.line(generator_.ping(i % kSas, true, 64));
  }
  std::uint64_t counter(Counter which) { return must(bench_.endpoint().card().counters(), "counters")[which]; }
  /// Everything moves again: nothing that waits is lost, and the card is as it was.
  void expect_recovered() {
    bench_.settle();
    expect_right(config_, bench_.result(), {.allow_overflow = true});
    EXPECT_EQ(must(bench_.endpoint().card().counters(), "counters").unaccounted(), 0);
    const std::uint64_t before = counter(Counter::answered);
    pings(kSas);
    bench_.settle();
    EXPECT_EQ(counter(Counter::answered), before + kSas);
  }

  const std::uint64_t seed_ = test_seed(52);
  const traffic::Config config_ = sample_config(seed_, kSas);
  Generator generator_{config_, seed_ + 1, kGood};
  Bench bench_{config_, {.seed = seed_ + 2, .patience = 3 * kStuck}};
};

TEST_F(StuckPort, AnswersWaitForTheLineWhileCustomersGoOnToTheGateway) {
  bench_.card().hold(sim::Port::line, true);
  customers_to_network(20);
  pings(600);
  bench_.step(kStuck);
  EXPECT_EQ(bench_.card().pending(sim::Port::line), 0U) << "the card takes what comes";
  EXPECT_EQ(bench_.card().transmitted(sim::Port::line).frames, 0U);
  const std::size_t passed = bench_.core_output().size();
  customers_to_gateway(100);
  bench_.step(kPassage);
  EXPECT_EQ(bench_.core_output().size(), passed + 100);
  EXPECT_GT(counter(Counter::drop_overflow), 0U) << "there is no room for so many answers";
  bench_.card().hold(sim::Port::line, false);
  expect_recovered();
}

TEST_F(StuckPort, CustomersGoOnToTheNetworkWhileTheGatewayTakesNothing) {
  bench_.card().hold(sim::Port::core, true);
  customers_to_gateway(20);
  pings(40);
  customers_to_network(100);
  bench_.step(kStuck);
  EXPECT_EQ(bench_.card().transmitted(sim::Port::core).frames, 0U);
  EXPECT_GE(bench_.line_output().size(), 100U);
  EXPECT_TRUE(bench_.endpoint().sas().statistics(config_.sas[0].in.spi)) << "commands are carried out";
  bench_.card().hold(sim::Port::core, false);
  expect_recovered();
}

}  // namespace
}  // namespace sapulse::test
