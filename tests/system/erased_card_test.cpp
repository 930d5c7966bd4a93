// SPDX-License-Identifier: Apache-2.0
// Keys are gone from the card some cycles after they have been erased, or it has been reset: from its whole state,
// searched bit by bit. What the host has in its own memory is not looked at, but for what it shares with the card.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "card_heap.h"
#include "key_traces.h"
#include "requester_bench.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

/// Cycles after the completion of SA_ERASE, or after READY, until nothing is left (docs/security.md).
constexpr std::uint64_t kGone = 256;
constexpr std::uint32_t kSas = 3;
constexpr std::uint32_t kErased = 2;  // of these

class ErasedCard : public testing::TestWithParam<sim::ModelKind> {
 protected:
  /// The generator and the peer that answers number beside each other.
  static traffic::Config numbered(traffic::Config config) {
    for (Association& sa : config.sas) sa.in.next = 64;
    return config;
  }

  ErasedCard() {
    for (std::uint32_t number = 0; number < kSas; ++number) add(number, number < kErased ? erased_ : kept_);
  }

  void add(std::uint32_t number, KeySearch& search) {
    const Association& sa = config_.sas[number];
    search.add(fmt::format("SA {} in", number), sa.control_key(sa.in));
    search.add(fmt::format("SA {} out", number), sa.control_key(sa.out));
  }

  /// Where keys are in the card.
  static std::vector<std::string> find(const KeySearch& search) {
    std::vector<std::string> found;
    for_each_card_block([&](std::span<const std::byte> block) {
      for (const KeyTrace& trace : search.find(block)) {
        found.push_back(fmt::format("block of {} bytes, offset {:#x}: {}", block.size(), trace.offset, trace.what));
      }
    });
    return found;
  }

  static void expect_none(const KeySearch& search) {
    const std::vector<std::string> found = find(search);
    EXPECT_TRUE(found.empty()) << fmt::format("{}", fmt::join(found, "\n"));
  }

  std::unique_ptr<RequesterBench> make_bench() const {
    sim::CardOptions options;
    options.model = GetParam();
    options.kernels = sim::KernelKind::rtl;
    options.seed = seed_;
    return std::make_unique<RequesterBench>(config_,
                                            std::make_unique<SimDevice>(must(create_recorded_card(options), "card")));
  }

  /// Every SA answers pings, long ones among them, and asks.
  void use(std::uint32_t first) {
    for (std::uint32_t number = first; number < kSas; ++number) {
      for (const std::size_t data : {kTelemetryBytes, std::size_t{600}})
        bench_->line(generator_.ping(number, true, data));
      must_be_ok(bench_->write_path(number, bench_->path(number)));
      must_be_ok(bench_->ping(number, kTelemetryBytes));
    }
    bench_->settle();
    unsigned answers = 0;
    for (const Bytes& frame : bench_->sent()) {
      if (frame[dissect(frame).payload + 1] == type_echo_request) {
        bench_->line(bench_->answer(frame));
      } else {
        ++answers;
      }
    }
    bench_->settle();
    EXPECT_EQ(answers, 2 * (kSas - first));
    EXPECT_EQ(bench_->events().size(), kSas - first);
  }

  static void must_be_ok(const Completion& completion) { EXPECT_EQ(completion.status, Status::ok); }

  const std::uint64_t seed_ = test_seed(71);
  traffic::Config config_ = numbered(sample_config(seed_, kSas));
  Generator generator_{config_, seed_, {.wrappings = false, .replays = false}};
  KeySearch erased_, kept_;
  std::unique_ptr<RequesterBench> bench_ = make_bench();
};

TEST_P(ErasedCard, AttackOnTheErasedCardFindsNoKey) {
  use(0);
  EXPECT_FALSE(find(erased_).empty()) << "the search finds keys that are there";
  for (std::uint32_t number = 0; number < kErased; ++number)
    must(bench_->sas().remove(config_.sas[number].in.spi), "remove");
  bench_->step(kGone);
  expect_none(erased_);
  EXPECT_FALSE(find(kept_).empty());
  use(kErased);
}

TEST_P(ErasedCard, AttackOnTheErasedCardFindsNoKeyAfterReset) {
  use(0);
  EXPECT_FALSE(find(kept_).empty()) << "the search finds keys that are there";
  bench_->device().card().reset();
  while (regs::status::kReady.get(must(bench_->device().read32(regs::offset::kStatus), "STATUS")) == 0) bench_->step(1);
  bench_->step(kGone);
  expect_none(erased_);
  expect_none(kept_);
}

INSTANTIATE_TEST_SUITE_P(Models, ErasedCard, testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast),
                         [](const auto& info) { return info.param == sim::ModelKind::rtl ? "rtl" : "fast"; });

}  // namespace
}  // namespace sapulse::test
