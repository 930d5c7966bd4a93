// SPDX-License-Identifier: Apache-2.0
// What the card takes in cycles, the same in every run of the same RTL, as one JSON object on standard output.
// usage: sapulse_bench_cycles [--all]   --all: also the RTL of 65,536 SAs, and how fast the simulations are here
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "full_load.h"
#include "sample_pings.h"
#include "system/bench.h"
#include "thread_time.h"
#include "traffic/generator.h"
#include "traffic/random.h"

namespace sapulse::bench {
namespace {

using namespace sapulse::traffic;
using test::Bench;

using Figures = std::map<std::string, double>;

constexpr std::size_t kLongPing = 1114;  // bytes
constexpr int kSpeedRuns = 5;
constexpr Mixture kGood{.wrappings = false, .replays = false};

/// From the first beat in to the first beat out, for frames that leave in the order in which they have come.
std::vector<std::uint64_t> latencies(const std::vector<sim::InputTime>& in, const std::vector<sim::OutputFrame>& out) {
  if (in.size() != out.size()) throw std::runtime_error(fmt::format("{} frames in, {} out", in.size(), out.size()));
  std::vector<std::uint64_t> found;
  for (std::size_t i = 0; i < in.size(); ++i) found.push_back(out[i].first_cycle - in[i].first_cycle);
  return found;
}

/// The way of a ping that is alone in the card, of an SA with a key of this length.
sim::FrameTrace follow(std::size_t key_bytes, std::size_t frame_bytes) {
  const traffic::Config config = small_ping_config(16);
  const auto sa = std::ranges::find_if(
      config.sas, [&](const Association& each) { return each.control_key(each.in).key.size() == key_bytes; });
  Generator generator(config, kPingSeed, kGood);
  Bench bench(config, {});
  bench.line(telemetry_ping(generator, static_cast<std::size_t>(sa - config.sas.begin()), frame_bytes));
  bench.settle();
  if (bench.traces().size() != 1) throw std::runtime_error("a ping whose way is not known");
  return bench.traces().front();
}

/// From the first beat in to the first beat out.
double reply_latency(const sim::FrameTrace& way) {
  return static_cast<double>(way.at(sim::Stage::sent) - way.at(sim::Stage::received));
}

/// Cycles until each border between blocks, from the one before it.
void measure_parts(Figures& figures, const sim::FrameTrace& way) {
  for (std::size_t i = 1; i < sim::kStageCount; ++i) {
    figures[std::string(sim::kStageNames[i])] = static_cast<double>(way.cycles[i].value() - way.cycles[i - 1].value());
  }
}

/// Of customer frames of all lengths that touch, and of the beats that they take on the way out.
void measure_passage(Figures& figures) {
  constexpr int kFrames = 400;
  const traffic::Config config = small_ping_config(2);
  Generator generator(config, kPingSeed, {.max_data = 1400});
  Bench bench(config, {});
  std::uint64_t beats = 0;
  for (int i = 0; i < kFrames; ++i) {
    const Bytes frame = i % 2 == 0 ? Bytes(60, 0x5c) : generator.customer(i % 4 == 1 ? "TCP" : "customer ESP").frame;
    beats += (frame.size() + 63) / 64;
    bench.line(frame);
  }
  bench.settle();
  const auto found = latencies(bench.line_input(), bench.core_output());
  const auto [least, most] = std::ranges::minmax(found);
  const auto& out = bench.core_output();
  figures["pass_latency"] = static_cast<double>(most);
  figures["pass_latency_variation"] = static_cast<double>(most - least);
  figures["pass_cycles_per_beat"] =
      static_cast<double>(out.back().last_cycle - out.front().first_cycle + 1) / static_cast<double>(beats);
}

/// Of pings that touch, from reply to reply, when a quarter is through: the first ones pass idle FIFOs in fewer cycles.
double spacing(const traffic::Config& config, unsigned capacity, const std::vector<Bytes>& pings) {
  Bench bench(config, {.capacity = capacity});
  for (const Bytes& ping : pings) bench.line(ping);
  bench.settle();
  const auto& out = bench.line_output();
  if (out.size() != pings.size()) {
    throw std::runtime_error(fmt::format("{} of {} pings answered", out.size(), pings.size()));
  }
  const std::size_t begin = out.size() / 4;
  return static_cast<double>(out.back().first_cycle - out[begin].first_cycle) /
         static_cast<double>(out.size() - 1 - begin);
}

/// The smallest ones, of SAs in random order.
double cycles_per_small_ping(unsigned capacity, unsigned sas, std::size_t count) {
  const traffic::Config config = small_ping_config(sas);
  return spacing(config, capacity, small_pings(config, count));
}

double cycles_per_long_ping() {
  constexpr int kCount = 200;
  const traffic::Config config = small_ping_config(16);
  Generator generator(config, kPingSeed, kGood);
  std::vector<Bytes> pings;
  for (int i = 0; i < kCount; ++i) pings.push_back(telemetry_ping(generator, i % 16, kLongPing));
  return spacing(config, 1024, pings);
}

/// 99 of 100 replies to the smallest pings are not later than this, while pings of up to 1,000 bytes of data and
/// customer frames fill 100 Gb/s Ethernet.
std::uint64_t loaded_latency() {
  constexpr std::size_t kFrames = 1200;
  const traffic::Config config = small_ping_config(16);
  Generator generator(config, kPingSeed, {.max_data = 1400, .wrappings = false, .replays = false});
  Random random(kPingSeed);
  Bench bench(config, {.line_rate = true});
  std::vector<std::size_t> lengths;  // of pings; 0: a customer frame
  for (std::size_t i = 0; i < kFrames; ++i) {
    const bool is_ping = random.one_in(2);
    const std::size_t more = random.one_in(2) ? 0 : 4 * random.below(251);
    const Bytes frame = is_ping ? telemetry_ping(generator, random.below(16), kSmallPing + more)
                                : generator.customer("customer ESP").frame;
    bench.line(frame);
    lengths.push_back(is_ping ? frame.size() : 0);
  }
  bench.settle();
  std::vector<std::uint64_t> small;
  std::size_t replies = 0;
  for (std::size_t i = 0; i < kFrames; ++i) {
    if (lengths[i] == 0) continue;
    if (replies == bench.line_output().size()) throw std::runtime_error("a ping without an answer");
    const std::uint64_t latency = bench.line_output()[replies++].first_cycle - bench.line_input()[i].first_cycle;
    if (lengths[i] == kSmallPing) small.push_back(latency);
  }
  std::ranges::sort(small);
  return small[(small.size() * 99 + 99) / 100 - 1];
}

/// Keeps the highest figure under each name.
void keep_best(Figures& figures, const std::string& name, double figure) {
  double& best = figures[name];
  best = std::max(best, figure);
}

/// Simulated kHz and pings a second of processor time at a full load of the smallest pings, host library included.
void measure_simulation(Figures& figures, const std::string& name, const test::BenchOptions& options,
                        std::size_t count) {
  const traffic::Config config = small_ping_config(16);
  Bench bench(config, options);
  for (const Bytes& ping : small_pings(config, count)) bench.line(ping);
  const std::uint64_t first = bench.card().cycle();
  const double start = thread_seconds();
  bench.settle();
  const double seconds = thread_seconds() - start;
  keep_best(figures, name + "_khz", static_cast<double>(bench.card().cycle() - first) / seconds / 1e3);
  keep_best(figures, name + "_pings_per_second", static_cast<double>(count) / seconds);
}

Figures measure_cycles() {
  Figures figures;
  figures["reply_latency_166_aes128"] = reply_latency(follow(16, kSmallPing));
  figures["reply_latency_166_aes256"] = reply_latency(follow(32, kSmallPing));
  figures["reply_latency_1114"] = reply_latency(follow(16, kLongPing));
  figures["reply_latency_166_loaded_p99"] = static_cast<double>(loaded_latency());
  measure_passage(figures);
  figures["cycles_per_ping_1_sa"] = cycles_per_small_ping(1024, 1, 600);
  figures["cycles_per_ping_300_sas"] = cycles_per_small_ping(1024, 300, 1200);
  figures["cycles_per_ping_1114"] = cycles_per_long_ping();
  return figures;
}

void print(const char* name, const Figures& figures, const char* end) {
  fmt::print(" \"{}\": {{", name);
  const char* separator = "";
  for (const auto& [key, value] : figures) {
    fmt::print("{}\n  \"{}\": {}", separator, key, value);
    separator = ",";
  }
  fmt::print("\n }}{}\n", end);
}

void run(bool all) {
  Figures cycles = measure_cycles();
  Figures parts;
  measure_parts(parts, follow(16, kSmallPing));
  Figures load;
  Figures speed;
  if (all) {
    cycles["cycles_per_ping_2000_of_65536_sas"] = cycles_per_small_ping(65536, 2000, 4000);
    const FullLoad all = measure_full_load();
    load["pings"] = static_cast<double>(all.pings);
    load["probes"] = static_cast<double>(all.probes);
    load["lost"] = static_cast<double>(all.lost);
    // Others on the machine only ever make it slower.
    for (int run = 0; run < kSpeedRuns; ++run) {
      measure_simulation(speed, "rtl", {.kernels = sim::KernelKind::rtl}, 5'000);
      measure_simulation(speed, "view", {}, 15'000);
      measure_simulation(speed, "fast", {.model = sim::ModelKind::fast}, 100'000);
    }
  }
  fmt::print("{{\n");
  print("cycles", cycles, ",");
  print("parts", parts, ",");
  print("load", load, ",");
  print("speed", speed, "");
  fmt::print("}}\n");
}

}  // namespace
}  // namespace sapulse::bench

int main(int argc, char** argv) {
  try {
    sapulse::bench::run(argc > 1 && std::string_view(argv[1]) == "--all");
  } catch (const std::exception& failure) {
    fmt::print(stderr, "cycles: {}\n", failure.what());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
