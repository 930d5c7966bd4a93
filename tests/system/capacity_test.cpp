// SPDX-License-Identifier: Apache-2.0
// Cards for 16,384 and 65,536 SAs: some hundred of them installed, pings on all.
#include <gtest/gtest.h>

#include "bench.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

class Capacity : public testing::TestWithParam<unsigned> {};

TEST_P(Capacity, EverySaAnswers) {
  constexpr unsigned kSas = 400;
  const std::uint64_t seed = test_seed(GetParam());
  const traffic::Config config = sample_config(seed, kSas);
  Generator generator(config, seed, {.max_data = 100});
  Bench bench(config, {.capacity = GetParam(), .seed = seed, .gap = 6});
  EXPECT_EQ(bench.endpoint().card().info().sa_capacity, GetParam());
  for (std::size_t sa = 0; sa < kSas; ++sa) {
    bench.line(generator.ping(sa, sa % 2 == 0, kTelemetryBytes));
    bench.line(generator.line().frame);
  }
  bench.settle();
  const traffic::Run run = bench.result();
  expect_right(config, run);
  EXPECT_GE(run.counters.at("ANSWERED"), kSas);
}

INSTANTIATE_TEST_SUITE_P(System, Capacity, testing::Values(16384, 65536), testing::PrintToStringParamName());

}  // namespace
}  // namespace sapulse::test
