// SPDX-License-Identifier: Apache-2.0
// A busy card is reset at any cycle. SAPULSE_TEST_RESETS: how often; the preset is short.
#include <gtest/gtest.h>

#include <cstdlib>

#include "bench.h"
#include "traffic/generator.h"
#include "traffic/random.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint64_t kPreset = 731;

unsigned resets(sim::ModelKind model) {
  const char* const chosen = std::getenv("SAPULSE_TEST_RESETS");
  if (chosen != nullptr) return static_cast<unsigned>(std::strtoul(chosen, nullptr, 0));
  return model == sim::ModelKind::rtl ? 10 : 200;
}

class Resets : public testing::TestWithParam<sim::ModelKind> {};

/// It touches no memory that was taken away, keeps no piece of a frame, no SA and no count, and does all right
/// afterwards.
TEST_P(Resets, AtAnyCycleOfABusyRunLeaveAWholeCard) {
  constexpr unsigned kBurst = 60, kAfterwards = 4;
  constexpr std::uint64_t kBusyCycles = 600;  // about as long as a burst takes
  const std::uint64_t seed = test_seed(kPreset);
  traffic::Random random(seed);
  traffic::Config config = sample_config(seed, 2);
  // A command that the reset has swallowed is waited for when the library closes the card.
  constexpr auto kCommandTimeout = std::chrono::microseconds(50);
  Bench bench(
      config,
      {.model = GetParam(), .seed = seed, .source_stall = 10, .sink_stall = 10, .command_timeout = kCommandTimeout});
  const unsigned rounds = resets(GetParam());
  unsigned busy_resets = 0;
  for (unsigned i = 0; i < rounds; ++i) {
    Generator busy(config, random.bits());
    for (unsigned frame = 0; frame < kBurst; ++frame) {
      bench.line(busy.line().frame);
      if (frame % 2 == 0) bench.core(busy.core().frame);
    }
    const std::uint64_t cycles = random.below(kBusyCycles);
    SCOPED_TRACE("reset " + std::to_string(i) + ", about " + std::to_string(cycles) + " cycles after its frames");
    bench.step(cycles);
    bench.card().step(random.below(SimDevice::kRelaxCycles));
    busy_resets += bench.card().transferring() || bench.card().pending(sim::Port::line) != 0 ? 1 : 0;
    const traffic::Config next = sample_config(random.bits(), 2);
    bench.restart(next);

    Generator afterwards(next, random.bits(), {.bad_percent = 0, .customer_percent = 0, .for_the_host = false});
    for (unsigned frame = 0; frame < kAfterwards; ++frame) {
      bench.line(afterwards.line().frame);
      bench.line(busy.ping(frame % 2, false, 8));  // under an SA that is no more
    }
    bench.settle();
    expect_right(next, bench.result());
    if (HasFailure()) return;
    config = next;
  }
  EXPECT_GE(busy_resets, rounds / 3) << "of " << rounds;
}

INSTANTIATE_TEST_SUITE_P(Models, Resets, testing::Values(sim::ModelKind::rtl, sim::ModelKind::fast),
                         [](const auto& info) { return info.param == sim::ModelKind::rtl ? "rtl" : "fast"; });

}  // namespace
}  // namespace sapulse::test
