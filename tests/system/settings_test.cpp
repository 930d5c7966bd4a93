// SPDX-License-Identifier: Apache-2.0
// Configurations other than the usual one: authoritative, another control SPI, other actions, no secret, one SA, none.
#include <gtest/gtest.h>

#include "bench.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using Does = traffic::Action;

/// Random traffic made for `made_for` on a card with `config`.
traffic::Run run_random(const traffic::Config& config, const traffic::Config& made_for, std::uint64_t seed, int frames,
                        const Mixture& mixture) {
  Generator generator(made_for, seed, mixture);
  Bench bench(config, {.seed = seed, .gap = 5});
  for (int i = 0; i < frames; ++i) bench.line(generator.line().frame);
  for (int i = 0; i < frames / 10; ++i) bench.core(generator.core().frame);
  bench.settle();
  return bench.result();
}

TEST(SystemSettings, AuthoritativeCardReportsUnknownCustomerSpis) {
  const std::uint64_t seed = test_seed(51);
  traffic::Config config = sample_config(seed, 20);
  config.authoritative = true;
  const traffic::Run run =
      run_random(config, config, seed, 1500, {.max_data = 120, .bad_percent = 20, .customer_percent = 60});
  expect_right(config, run);
  EXPECT_GT(run.counters.at("HOST_COPIES"), 20U);
  EXPECT_GT(run.counters.at("FRAMES_FROM_HOST"), 20U);
}

TEST(SystemSettings, OtherControlSpiAndActions) {
  const std::uint64_t seed = test_seed(52);
  traffic::Config config = sample_config(seed, 20);
  config.control_spi = 77;
  config.secret.reset();
  config.reserved = {{7, Does::host},  {8, Does::drop},  {9, Does::host},
                     {10, Does::drop}, {20, Does::pass}, {253, Does::drop}};
  const traffic::Run run = run_random(config, config, seed, 1500, {});
  expect_right(config, run);
  EXPECT_GT(run.counters.at("ANSWERED"), 300U);
}

TEST(SystemSettings, NoSasMeansUnknownSpis) {
  const std::uint64_t seed = test_seed(53);
  const traffic::Config made_for = sample_config(seed, 5);
  traffic::Config config = made_for;
  config.sas.clear();
  // More unknown SPIs than the rate limits let through. No bad frames: one over the limit whose IP length turns out
  // wrong at its end counts as over the limit.
  const traffic::Run run = run_random(config, made_for, seed, 600, {.bad_percent = 0});
  expect_right(config, run, {.errors_may_be_missing = true});
  EXPECT_GT(run.counters.at("FRAMES_FROM_HOST"), 50U);
  EXPECT_GT(run.counters.at("DROP_LIMITED"), 0U);
  EXPECT_EQ(run.counters.at("ANSWERED"), 0U);
}

TEST(SystemSettings, OnlyLocalAddressesAreAnswered) {
  const std::uint64_t seed = test_seed(54);
  const traffic::Config made_for = sample_config(seed, 6);
  traffic::Config config = made_for;
  config.local = {parse_address("192.0.2.1")};  // the IPv6 ones are customer traffic now, under SAs of another gateway
  std::erase_if(config.sas, [&](const traffic::Association& sa) { return sa.local != config.local.front(); });
  const traffic::Run run = run_random(config, made_for, seed, 600, {});
  expect_right(config, run);
}

}  // namespace
}  // namespace sapulse::test
