// SPDX-License-Identifier: Apache-2.0
// A bit flips in what an output queue of a kernel keeps beside its words: the card is told of each of them, and stops.
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

#include "public_memory.h"
#include "requester_bench.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::size_t kQueues = 10;  // of eight kernels
constexpr unsigned kRounds = 50;
constexpr unsigned kCycles = 150;  // of a round: until the card's own ping is on its way, too

/// The parity bits of all queues.
std::vector<PublicMemory> parities() {
  auto memories = public_memories(*Verilated::threadContextp());
  std::erase_if(memories, [](const PublicMemory& memory) { return !memory.name.ends_with("u_parity.mem"); });
  return memories;
}

/// Flips in one of them until the card says so; whether it has.
bool is_told(std::size_t queue, std::uint64_t seed, std::string& name) {
  const traffic::Config config = sample_config(seed, 2);
  RequesterBench bench(config);
  Generator generator(config, seed, {.wrappings = false, .replays = false});
  bench.write_path(0, bench.path(0));
  Random random(seed);
  const PublicMemory memory = parities().at(queue);
  name = memory.name;
  for (unsigned round = 0; round < kRounds; ++round) {
    bench.line(generator.ping(1, true, kTelemetryBytes));
    must(bench.card().submit(Command::ping(0, 56, std::chrono::milliseconds(1)), {}), "ping");
    for (unsigned cycle = 0; cycle < kCycles; ++cycle) {
      for (unsigned entry = 0; entry < memory.entries; ++entry) {
        if (random.one_in(4)) memory.flip(entry, 0);
      }
      bench.step(1);
    }
    const std::uint32_t status = must(bench.device().read32(regs::offset::kStatus), "status");
    if (regs::status::kMemoryFault.get(status) != 0) return true;
  }
  return false;
}

TEST(FlippedKernels, EachOutputQueueOfAKernelTells) {
  const std::uint64_t seed = test_seed(81);
  std::set<std::string> names;
  for (std::size_t queue = 0; queue < kQueues; ++queue) {
    std::string name;
    EXPECT_TRUE(is_told(queue, seed, name)) << name;
    names.insert(name);
  }
  EXPECT_EQ(names.size(), kQueues);
}

}  // namespace
}  // namespace sapulse::test
