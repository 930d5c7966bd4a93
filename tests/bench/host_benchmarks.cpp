// SPDX-License-Identifier: Apache-2.0
// What the host library takes of the processor apart from the device, on the fast model of the largest card.
#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

#include "benchmarks.h"
#include "device/session.h"
#include "device/watch.h"
#include "metered_device.h"
#include "sample_pings.h"
#include "sapulse/sim_device.h"
#include "support/convert.h"
#include "thread_time.h"

namespace sapulse::bench {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using test::must;

constexpr unsigned kMostSas = 65'536;
// Of the card's time, between two turns of the peer: what answers in one turn reaches the card in a row.
constexpr nanoseconds kTurn = 100us;
constexpr unsigned kTurnsPerPoll = 10;

/// The fast model, and how much of the time is its own.
class FastRig final : public test::Rig {
 public:
  /// relax: how much of the card's time passes whenever the library waits.
  explicit FastRig(nanoseconds relax) {
    device_->set_pass_time([this, relax](std::uint64_t) -> Result<void> {
      const auto cycles = static_cast<std::uint64_t>(static_cast<double>(relax.count()) * 1e-3 * options().clock_mhz);
      device_->card().step(cycles);
      return device_->check();
    });
  }

  MeteredDevice& device() override { return metered_; }
  void send(test::Side /*side*/, std::span<const traffic::Bytes> frames) override {
    for (const traffic::Bytes& frame : frames)
      must(device_->card().send(sim::Port::line, test::to_frame(frame)), "frame");
  }
  std::vector<traffic::Bytes> take(test::Side /*side*/) override {
    std::vector<traffic::Bytes> frames;
    for (const sim::OutputFrame& frame : device_->card().take_output(sim::Port::line)) {
      frames.push_back(test::to_bytes(frame.bytes));
    }
    return frames;
  }
  // Whatever is wrong with the card, relax() has said it.
  std::uint64_t dma_faults() override { return 0; }
  std::vector<std::string> complaints() override { return {}; }

 private:
  static sim::CardOptions options() { return {.model = sim::ModelKind::fast, .sa_capacity = kMostSas}; }

  std::unique_ptr<SimDevice> device_ = must(SimDevice::create(options()), "card");
  MeteredDevice metered_{*device_};
};

/// Processor time of a call less that of the device.
template <class Call>
double host_seconds(FastRig& rig, Call call) {
  const double device = rig.device().seconds();
  const double start = thread_seconds();
  call();
  return thread_seconds() - start - (rig.device().seconds() - device);
}

void library_add_sas(benchmark::State& state, unsigned count) {
  FastRig rig(20us);
  test::Session session(rig, traffic::sample_config(kPingSeed, 0));
  std::vector<SaParameters> sas;
  std::vector<std::uint32_t> spis;
  for (const traffic::Association& sa : small_ping_config(count).sas) {
    spis.push_back(sas.emplace_back(test::parameters(sa)).in.spi);
  }
  double seconds = 0;
  for (auto _ : state) {
    seconds += host_seconds(rig, [&] { must(session.sas().add(sas), "add"); });
    must(session.sas().remove(spis), "remove");
  }
  const auto items = static_cast<std::int64_t>(state.iterations() * count);
  state.SetItemsProcessed(items);
  state.counters["host"] = seconds / static_cast<double>(items);
}

/// The host's part while the card's prober watches SAs that stay up, with a look at the card each millisecond of its
/// time. An item is a second of that time.
void liveness(benchmark::State& state, unsigned sas, nanoseconds interval) {
  FastRig rig(kTurn);
  traffic::Config config = small_ping_config(sas);
  config.reserved.clear();
  test::Watch watch(rig, config, {.liveness = {.interval = interval, .multiplier = 3}, .patience = 4 * interval});
  watch.until([&] { return watch.all(Liveness::up); }, "all up");
  const std::size_t changes = watch.changes().size();
  double seconds = 0;
  for (auto _ : state) {
    for (unsigned turn = 0; turn < interval / kTurn; ++turn) {
      if (turn % kTurnsPerPoll == 0) {
        seconds += host_seconds(rig, [&] { must(watch.endpoint().poll(), "poll"); });
      }
      must(rig.device().relax(), "card");
      for (const traffic::Bytes& frame : rig.take(test::Side::line)) watch.peer().receive(frame, 0);
      watch.intrude(watch.peer().arrived(0));
    }
  }
  if (watch.changes().size() != changes) return state.SkipWithError("an SA has not stayed up");
  const double card_seconds = std::chrono::duration<double>(interval).count() * static_cast<double>(state.iterations());
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
  state.counters["host"] = seconds / card_seconds;
  watch.close();
}

}  // namespace

void register_host_benchmarks(bool once) {
  benchmark::RegisterBenchmark("library_add_sas", [=](benchmark::State& state) {
    library_add_sas(state, once ? 64 : 8192);
  })->Iterations(once ? 1 : 3);
  benchmark::RegisterBenchmark("liveness_65536_sas", [=](benchmark::State& state) {
    liveness(state, once ? 64 : kMostSas, once ? nanoseconds(20ms) : nanoseconds(1s));
  })->Iterations(1);
}

}  // namespace sapulse::bench
