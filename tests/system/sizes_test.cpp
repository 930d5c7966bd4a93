// SPDX-License-Identifier: Apache-2.0
// Frames of every kind of size, and pings in every wrapping.
#include <gtest/gtest.h>

#include "bench.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

using Wrapping = traffic::Encapsulation;
constexpr std::array<Wrapping, 3> kWraps = {Wrapping::esp, Wrapping::udp, Wrapping::ah};
const std::array<std::vector<std::uint32_t>, 3> kTags = {{{}, {0x8100'0064}, {0x88a8'0064, 0x8100'00c8}}};

TEST(SystemSizes, PingsOfAllLengths) {
  const std::uint64_t seed = test_seed(31);
  const traffic::Config config = sample_config(seed, 12);
  Generator generator(config, seed);
  Bench bench(config, {.seed = seed, .gap = 4});
  std::size_t sa = 0;
  const auto next = [&] { return sa++ % config.sas.size(); };
  for (std::size_t size = 110; size <= 400; ++size) bench.line(generator.ping_of_frame_size(next(), size));
  for (std::size_t size = 401; size <= kMaxFrame; size += 131) bench.line(generator.ping_of_frame_size(next(), size));
  for (std::size_t size = kMaxFrame - 3; size <= kMaxFrame; ++size) {
    bench.line(generator.ping_of_frame_size(next(), size));
  }
  bench.settle();
  const traffic::Run run = bench.result();
  expect_right(config, run);
  EXPECT_EQ(run.counters.at("ANSWERED"), run.line_in.size());
}

TEST(SystemSizes, PingsInEveryWrapping) {
  const std::uint64_t seed = test_seed(32);
  const traffic::Config config = sample_config(seed, 6);
  Generator generator(config, seed);
  Bench bench(config, {.seed = seed, .gap = 2});
  for (std::size_t sa = 0; sa < config.sas.size(); ++sa) {
    for (Wrapping wrap : kWraps) {
      for (const auto& tags : kTags) {
        for (std::size_t options : {0, 8, 40}) {
          for (std::size_t data : {0, 5, 33, 56, 70}) {
            bench.line(generator.ping(
                sa,
                {.tags = tags, .wrap = wrap, .options = options, .data = data, .telemetry = data >= kTelemetryBytes}));
          }
        }
      }
    }
  }
  bench.settle();
  const traffic::Run run = bench.result();
  expect_right(config, run);
  EXPECT_EQ(run.counters.at("ANSWERED"), 6U * 3 * 3 * 3 * 5);
}

TEST(SystemSizes, CustomerFramesOfAllLengths) {
  const traffic::Config config = sample_config(1, 2);
  Bench bench(config, {});
  const auto frame = [](std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + size);
    bytes[12] = 0x88;
    bytes[13] = 0xb5;  // local experimental EtherType
    return bytes;
  };
  const auto both = [&](std::size_t size) {
    bench.line(frame(size));
    bench.core(frame(size));
  };
  for (std::size_t size = kMinFrame; size <= 520; ++size) both(size);
  for (std::size_t size = 521; size <= kMaxFrame; size += 97) both(size);
  for (std::size_t size = kMaxFrame - 70; size <= kMaxFrame; ++size) both(size);
  bench.settle();
  expect_right(config, bench.result());
}

TEST(SystemSizes, ClearEchoesOfAllLengths) {
  const std::uint64_t seed = test_seed(33);
  const traffic::Config config = sample_config(seed, 3);
  Bench bench(config, {.seed = seed, .gap = 4});
  Generator small(config, seed, {.max_data = 200});
  Generator large(config, seed + 1, {.max_data = 9000});
  for (int i = 0; i < 300; ++i) bench.line(small.good("clear echo").frame);
  for (int i = 0; i < 30; ++i) bench.line(large.good("clear echo").frame);
  bench.settle();
  const traffic::Run run = bench.result();
  expect_right(config, run);
  EXPECT_EQ(run.counters.at("ECHO_ANSWERED"), 330U);
}

}  // namespace
}  // namespace sapulse::test
