// SPDX-License-Identifier: Apache-2.0
// A bit flips in a table of the whole card: nothing is sent, the card counts it, and the host is told where.
#include <gtest/gtest.h>

#include <array>

#include "card_heap.h"
#include "key_traces.h"
#include "requester_bench.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint32_t kSas = 2;
constexpr std::uint64_t kGone = 256;  ///< cycles until keys are in the tables alone (docs/security.md)

class DamagedCard : public testing::Test {
 protected:
  DamagedCard() {
    sim::CardOptions options;
    options.model = sim::ModelKind::rtl;
    options.kernels = sim::KernelKind::rtl;
    options.seed = seed_;
    bench_ = std::make_unique<RequesterBench>(config_,
                                              std::make_unique<SimDevice>(must(create_recorded_card(options), "card")));
  }

  /// Flips a bit in each copy of the outbound key of an SA that the card holds; how many there are.
  unsigned flip_out_key(std::uint32_t number) const {
    KeySearch search;
    search.add("out", config_.sas[number].control_key(config_.sas[number].out));
    unsigned copies = 0;
    for_each_card_block([&](std::span<const std::byte> block) {
      for (const KeyTrace& trace : search.find(block)) {
        if (trace.what != "out round key 0, byte 0") continue;  // which is how the key begins
        // The card's memory is not constant; who only looks at it is promised that it is.
        const_cast<std::byte&>(block[trace.offset + 4]) ^=
            std::byte{1};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
        ++copies;
      }
    });
    return copies;
  }

  std::size_t answers_to_a_ping(std::uint32_t number) {
    bench_->line(generator_.ping(number, true, kTelemetryBytes));
    bench_->settle();
    return bench_->sent().size();
  }

  const std::uint64_t seed_ = test_seed(72);
  const traffic::Config config_ = sample_config(seed_, kSas);
  Generator generator_{config_, seed_, {.wrappings = false, .replays = false}};
  std::unique_ptr<RequesterBench> bench_;
};

TEST_F(DamagedCard, AFlippedBitIsCountedAndToldAndNothingIsSent) {
  ASSERT_EQ(answers_to_a_ping(0), 1U);
  bench_->step(kGone);
  ASSERT_GT(flip_out_key(0), 0U);
  EXPECT_EQ(answers_to_a_ping(0), 0U);
  const auto events = bench_->events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ((*events[0]).kind(), regs::EventKind::table_fault);
  EXPECT_EQ((*events[0]).sa_table(), regs::SaTable::out_key);
  EXPECT_EQ((*events[0]).entry(), 0U);
  EXPECT_EQ(bench_->counter(Counter::table_faults), 1U);
  EXPECT_EQ(bench_->unaccounted(), 0);

  EXPECT_EQ(answers_to_a_ping(1), 1U) << "the other SA";
  EXPECT_EQ(bench_->counter(Counter::table_faults), 1U);
  // The same fault again counts, but the ring is not filled with it.
  EXPECT_EQ(answers_to_a_ping(0), 0U);
  EXPECT_TRUE(bench_->events().empty());
  EXPECT_EQ(bench_->counter(Counter::table_faults), 2U);
}

TEST_F(DamagedCard, AnSaThatIsReplacedAnswersAgain) {
  bench_->step(kGone);
  ASSERT_GT(flip_out_key(0), 0U);
  ASSERT_EQ(answers_to_a_ping(0), 0U);
  ASSERT_EQ(bench_->events().size(), 1U);

  must(bench_->sas().put(std::array{parameters(config_.sas[0])}), "replacing the SA");
  EXPECT_EQ(answers_to_a_ping(0), 1U);
  EXPECT_EQ(bench_->counter(Counter::table_faults), 1U);

  // A fault of the new one is news.
  bench_->step(kGone);
  ASSERT_GT(flip_out_key(0), 0U);
  EXPECT_EQ(answers_to_a_ping(0), 0U);
  EXPECT_EQ(bench_->events().size(), 1U);
}

}  // namespace
}  // namespace sapulse::test
