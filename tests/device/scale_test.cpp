// SPDX-License-Identifier: Apache-2.0
// Liveness by the card's prober at scale and over long times, on every backend. Times are protocol time: each test says
// how far the card's clock moves in a cycle. A sweep of the prober over 1024 SAs takes 2048 cycles.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "black_hole.h"
#include "device_test.h"
#include "forger.h"
#include "sapulse/counters.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"
#include "watch.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::uint64_t kPreset = 30117;

std::uint64_t ns(nanoseconds time) { return static_cast<std::uint64_t>(time.count()); }

traffic::Config sas(unsigned count, std::uint64_t seed) {
  traffic::Config config = traffic::sample_config(seed, count);
  config.reserved.clear();
  return config;
}

/// What a clear error is about.
struct Offence {
  std::uint32_t spi;
  std::uint32_t sequence;
};

Offence offence_of(const traffic::Bytes& error) {
  constexpr std::size_t kTokenBytes = 16;
  const std::size_t at = traffic::dissect(error).payload + traffic::kControlBytes + kTokenBytes;
  return {.spi = traffic::get32(error, at), .sequence = traffic::get32(error, at + 4)};
}

/// SAPULSE_TEST_FORGED, or a million.
std::uint64_t forged_messages() {
  const char* const chosen = std::getenv("SAPULSE_TEST_FORGED");
  return chosen != nullptr ? std::strtoull(chosen, nullptr, 0) : 1'000'000;
}

/// Never suspect: where the peer is slow, a late reply is not a change of state. Long, so that a host that has been
/// held up does not come with so many replies at once that the card has no room for them.
constexpr LivenessSettings kEvery60ms{.interval = 60ms, .multiplier = 3, .suspect = 0};

class DeviceLivenessAtScale : public DeviceTest {
 protected:
  const std::uint64_t seed_ = test_seed(kPreset);
};

// 300 ns a cycle: a sweep takes 0.61 ms, less than the round trip of 1 ms.
TEST_F(DeviceLivenessAtScale, ABlackHoleIsFoundOnEachOf1024SasInTime) {
  Watch watch(rig(), sas(1024, seed_),
              {.liveness = kEvery60ms, .ns_per_cycle = 300, .link = {.delay = 500us}, .patience = 1s});
  watch.until([&] { return watch.all(Liveness::up); }, "all up");
  const nanoseconds latest = expect_black_hole_found(watch, kEvery60ms);
  fmt::print("1024 SAs, the last one down {} us after the black hole began\n", latest / 1us);
  watch.close();
}

// 300 ns a cycle. 128 errors are within the burst that the card's rate limit lets through.
TEST_F(DeviceLivenessAtScale, ATokenProvesALossWithTheNextPacket) {
  constexpr unsigned kSas = 128;
  const traffic::Config config = sas(kSas, seed_);
  Watch watch(rig(), config, {.liveness = kEvery60ms, .ns_per_cycle = 300, .link = {.delay = 500us}, .patience = 1s});
  watch.until([&] { return watch.all(Liveness::up) && watch.all_tokens_known(); }, "tokens of all");
  const std::size_t before = watch.peer().answers().size();
  for (std::size_t sa = 0; sa < kSas; ++sa) watch.peer().forget(sa);
  watch.until([&] { return watch.all(Liveness::lost); }, "all lost");

  std::map<std::uint32_t, std::uint32_t> first;  // sequence numbers of the next packets, by SPI
  const auto& answers = watch.peer().answers();
  for (std::size_t i = before; i < answers.size(); ++i) {
    const Offence offence = offence_of(answers[i]);
    first.emplace(offence.spi, offence.sequence);
  }
  for (const LivenessChange& change : watch.changes()) {
    if (change.to == Liveness::up) continue;
    EXPECT_EQ(change.to, Liveness::lost) << change.name;
    EXPECT_EQ(change.reason, LivenessReason::crash_token) << change.name;
    ASSERT_TRUE(change.evidence.error) << change.name;
    EXPECT_EQ(change.evidence.error->sequence, first.at(change.spi_out)) << change.name << ": a later packet";
  }
  EXPECT_EQ(watch.changes().size(), 2 * kSas) << "up, then lost";
  watch.close();
}

// 10 us a cycle: a sweep takes 20 ms. 128 SAs with about 97 ms from probe to probe: 13,200 probes in 10 s, of which one
// in five gets no reply (a loss of 10.56 % in each direction). An SA is down when ten in a row get none: 13,200 x 0.8 x
// 0.2^10 = 0.0011 false downs expected.
TEST_F(DeviceLivenessAtScale, NoFalseDownInTenSecondsOfRandomLoss) {
  constexpr unsigned kSas = 128;
  Watch watch(rig(), sas(kSas, seed_),
              {.liveness = {.interval = 100ms, .multiplier = 10},
               .ns_per_cycle = 10'000,
               .link = {.loss_permyriad = 1056},
               .seed = seed_,
               .patience = 2s});
  watch.pass(10s);
  std::map<Liveness, unsigned> changes;
  for (const LivenessChange& change : watch.changes()) ++changes[change.to];
  EXPECT_EQ(changes[Liveness::down], 0U);
  EXPECT_TRUE(watch.all(Liveness::up) || changes[Liveness::suspect] > 0);
  EXPECT_GE(changes[Liveness::up], kSas);

  // No more probes, so that the last replies can come in before the counting.
  watch.set_probing(false);
  watch.pass(100ms);
  double probes = 0;
  double replies = 0;
  for (std::size_t sa = 0; sa < kSas; ++sa) {
    const ProbeStatus status = must(watch.endpoint().monitor().probe_status(watch.spi(sa)), "status");
    probes += status.probes;
    replies += status.replies;
  }
  fmt::print("{} probes, {} replies, {} suspects\n", probes, replies, changes[Liveness::suspect]);
  EXPECT_GT(probes, 12'000);
  // Five standard deviations of 0.2 over 12,000 probes.
  EXPECT_NEAR(replies / probes, 0.8, 0.02);
  watch.close();
}

// 1 us a cycle; a forged frame every 2.5 cycles, which is more than a line of 100 Gb/s brings.
TEST_F(DeviceLivenessAtScale, ForgedMessagesChangeNothing) {
  const std::uint64_t forged = forged_messages();
  constexpr std::uint64_t kEvery = 2500;  // ns
  const traffic::Config config = sas(16, seed_);
  Watch watch(rig(), config, {.liveness = {.interval = 100ms, .multiplier = 3}, .ns_per_cycle = 1000, .patience = 1s});
  watch.until([&] { return watch.all(Liveness::up) && watch.all_tokens_known(); }, "tokens of all");
  Forger forger(config, watch.peer().answers(), seed_);
  const std::uint64_t start = watch.time();
  for (std::uint64_t made = 0; made < forged; watch.poll()) {
    const std::uint64_t due = std::min(forged, (watch.time() - start) / kEvery);
    watch.intrude(forger.make(due - made));
    made = due;
  }
  Counters counters;
  const auto all_dealt_with = [&] {
    counters = must(watch.endpoint().card().counters(), "counters");
    return counters[regs::Counter::line_rx_frames] == forged + watch.peer().delivered() && counters.unaccounted() == 0;
  };
  watch.until(all_dealt_with, "every frame dealt with");

  EXPECT_TRUE(watch.all(Liveness::up));
  EXPECT_EQ(watch.changes().size(), config.sas.size()) << "nothing but their coming up";
  EXPECT_EQ(counters[regs::Counter::replies], watch.peer().delivered());
  const RateLimit& limit = watch.endpoint().card().config().limits[Cause::error_clear];
  const std::uint64_t allowed = limit.burst + 1 + (watch.time() - start) / ns(limit.interval);
  const MonitorCounts& counts = watch.endpoint().monitor().counts();
  fmt::print("{} forged errors, of which the host has seen {}; {} forged replies\n", forger.errors(), counts.errors,
             forger.replies());
  EXPECT_LE(counts.errors, allowed);
  EXPECT_GT(counts.wrong_tokens, 0U);
  watch.close();
}

}  // namespace
}  // namespace sapulse::test
