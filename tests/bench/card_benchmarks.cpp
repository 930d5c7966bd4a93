// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <vector>

#include "backend.h"
#include "benchmarks.h"
#include "cycle_counter.h"
#include "device/session.h"
#include "device/watch.h"
#include "sapulse/registers.h"
#include "support/convert.h"
#include "traffic/generator.h"

namespace sapulse::bench {
namespace {

using namespace std::chrono_literals;
using test::must;

constexpr std::uint64_t kSeed = 4;
constexpr unsigned kSas = 4;            // that pings and exceptions are about
constexpr std::size_t kBatch = 64;      // SAs, exceptions
constexpr std::size_t kPingBatch = 16;  // under way at a time

void report(benchmark::State& state, const CycleCounter& clock, std::size_t items_per_iteration) {
  const auto items = static_cast<std::int64_t>(state.iterations() * items_per_iteration);
  state.SetItemsProcessed(items);
  state.counters["cycles"] = clock.cycles() / static_cast<double>(items);
}

void register_read(benchmark::State& state) {
  const auto rig = make_bench_rig();
  const auto card = must(Card::open(rig->device()), "card");
  CycleCounter clock(*card);
  clock.start();
  for (auto _ : state) benchmark::DoNotOptimize(must(rig->device().read32(regs::offset::kScratch), "read"));
  clock.stop();
  report(state, clock, 1);
}

/// A posted write, and the read that knows it has arrived.
void register_write_read(benchmark::State& state) {
  const auto rig = make_bench_rig();
  const auto card = must(Card::open(rig->device()), "card");
  CycleCounter clock(*card);
  std::uint32_t value = 0;
  clock.start();
  for (auto _ : state) {
    must(rig->device().write32(regs::offset::kScratch, ++value), "write");
    if (must(rig->device().read32(regs::offset::kScratch), "read") != value)
      return state.SkipWithError("another value");
  }
  clock.stop();
  report(state, clock, 1);
}

/// From the doorbell to the completion in host memory: one command, nothing else under way.
void doorbell_to_completion(benchmark::State& state) {
  const auto rig = make_bench_rig();
  const auto card = must(Card::open(rig->device()), "card");
  CycleCounter clock(*card);
  for (auto _ : state) {
    bool done = false;
    clock.start();
    must(card->submit(Command::nop(),
                      [&](const Completion&) {
                        clock.stop();
                        done = true;
                      }),
         "command");
    while (!done) {
      must(rig->device().relax(), "card");
      must(card->poll({}), "poll");
    }
  }
  report(state, clock, 1);
}

void add_sas(benchmark::State& state, std::size_t count) {
  const auto rig = make_bench_rig();
  test::Session session(*rig, traffic::sample_config(kSeed, 0));
  std::vector<SaParameters> sas;
  std::vector<std::uint32_t> spis;
  for (const traffic::Association& sa : traffic::sample_config(kSeed, static_cast<unsigned>(count)).sas) {
    spis.push_back(sas.emplace_back(test::parameters(sa)).in.spi);
  }
  CycleCounter clock(session.card());
  for (auto _ : state) {
    clock.start();
    must(session.sas().add(sas), "add");
    clock.stop();
    state.PauseTiming();
    must(session.sas().remove(spis), "remove");
    state.ResumeTiming();
  }
  report(state, clock, count);
}

void add_one_sa(benchmark::State& state) { add_sas(state, 1); }
void add_many_sas(benchmark::State& state) { add_sas(state, kBatch); }

/// The host asks, the card seals, a peer (the reference) answers, the card opens, the host hears of it.
void ping_by_host(benchmark::State& state) {
  const auto rig = make_bench_rig();
  traffic::Config config = traffic::sample_config(kSeed, kSas);
  config.reserved.clear();
  test::Watch watch(*rig, config, {.liveness = {.mode = ProbeMode::host, .interval = 10min}});
  CycleCounter clock(watch.endpoint().card());
  for (auto _ : state) {
    std::size_t answered = 0;
    clock.start();
    for (std::size_t i = 0; i < kPingBatch; ++i) {
      must(watch.endpoint().pinger().start(
               watch.spi(i % kSas), {.timeout = 1ms},
               [&](const Result<PingResult>& result) { answered += must(result, "ping").answered ? 1 : 0; }),
           "start");
    }
    watch.until([&] { return watch.endpoint().pinger().outstanding() == 0; }, "pings");
    clock.stop();
    if (answered != kPingBatch) return state.SkipWithError("a ping without an answer");
  }
  report(state, clock, kPingBatch);
  watch.close();
}

void exceptions(benchmark::State& state) {
  const auto rig = make_bench_rig();
  const traffic::Config config = traffic::sample_config(kSeed, kSas);
  traffic::Generator generator(config, kSeed, test::kPlainPings);
  test::Session session(*rig, config);
  CardConfig unlimited = session.card().config();
  for (std::size_t cause = 0; cause < regs::kCauseCount; ++cause) unlimited.limits[static_cast<Cause>(cause)] = {};
  must(session.card().configure(unlimited), "limits");
  std::vector<traffic::Bytes> frames;
  for (std::size_t i = 0; i < kBatch; ++i) frames.push_back(generator.good("reserved SPI for the host").frame);
  CycleCounter clock(session.card());
  for (auto _ : state) {
    const std::uint64_t before = session.exceptions();
    clock.start();
    for (const traffic::Bytes& frame : frames) session.line(frame);
    session.until([&] { return session.exceptions() - before >= kBatch; }, "exceptions");
    clock.stop();
  }
  report(state, clock, kBatch);
  must(session.endpoint().close(), "close");
}

struct Plan {
  const char* name;
  void (*run)(benchmark::State&);
  benchmark::IterationCount iterations;
};

constexpr std::array kPlans{Plan{"register_read", register_read, 2000},
                            Plan{"register_write_read", register_write_read, 1000},
                            Plan{"doorbell_to_completion", doorbell_to_completion, 200},
                            Plan{"add_one_sa", add_one_sa, 20},
                            Plan{"add_many_sas", add_many_sas, 4},
                            Plan{"ping_by_host", ping_by_host, 8},
                            Plan{"exceptions", exceptions, 8}};

}  // namespace

void register_card_benchmarks(bool once) {
  for (const Plan& plan : kPlans) {
    benchmark::RegisterBenchmark(plan.name, plan.run)->Iterations(once ? 1 : plan.iterations)->UseRealTime();
  }
}

}  // namespace sapulse::bench
