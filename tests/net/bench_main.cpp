// SPDX-License-Identifier: Apache-2.0
// How many pings the software card answers in a second of one processor, out of memory and over a cable made of
// software, beside the fastest library for their cryptography, and what the card takes while nothing happens. Other
// load does not count: times are processor times of the thread that works. usage: net_bench [PINGS [SECONDS-IDLE]]
#include <fmt/format.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

#include "ipsec_mb_peer.h"
#include "model_device.h"
#include "patience.h"
#include "sapulse/endpoint.h"
#include "sapulse/net_device.h"
#include "support/convert.h"
#include "support/packet_port.h"
#include "traffic/generator.h"
#include "veth.h"

namespace sapulse::test {
namespace {

constexpr unsigned kSas = 64;
constexpr std::size_t kBatch = 64;  // frames that come in together

double processor_seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}
double of_this_thread() { return processor_seconds(CLOCK_THREAD_CPUTIME_ID); }
double of_all_threads() { return processor_seconds(CLOCK_PROCESS_CPUTIME_ID); }

std::unique_ptr<Endpoint> configure(Device& device, const traffic::Config& config) {
  return must(
      Endpoint::open(device, must(parse_config(traffic::to_yaml(config), "bench", 1024, NextField::allowed), "SAs")),
      "endpoint");
}

/// `peer`: what a ping takes elsewhere, s; 0: nobody knows.
void print(const char* what, std::size_t answered, double seconds, double peer) {
  const auto pings = static_cast<double>(answered);
  fmt::print("{:<24} {:>9.0f} pings/s, {:.2f} us each{}\n", what, pings / seconds, seconds * 1e6 / pings,
             peer == 0 ? "" : fmt::format(", {:.1f} times ipsec-mb's", seconds / pings / peer));
}

/// What it takes to open and seal a ping; 0: the library is not here.
double bench_ipsec_mb([[maybe_unused]] const traffic::Config& config, [[maybe_unused]] std::size_t pings) {
#ifdef SAPULSE_HAS_IPSEC_MB
  const double before = of_this_thread();
  answer_with_ipsec_mb(config, pings);
  const double seconds = of_this_thread() - before;
  print("ipsec-mb, AES-GCM alone", pings, seconds, 0);
  return seconds / static_cast<double>(pings);
#else
  fmt::print("ipsec-mb is not here: nothing to compare with\n");
  return 0;
#endif
}

void bench_memory(const traffic::Config& config, const std::vector<traffic::Bytes>& pings, double peer) {
  ModelDevice device;
  const auto endpoint = configure(device, config);
  std::vector<model::Frame> frames;
  for (const traffic::Bytes& ping : pings) frames.push_back(to_frame(ping));
  std::size_t answered = 0;
  const double before = of_this_thread();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    device.receive(std::move(frames[i]));
    if (i % kBatch == kBatch - 1) answered += device.run();
  }
  answered += device.run();
  print("out of memory", answered, of_this_thread() - before, peer);
}

void bench_veth(const traffic::Config& config, const std::vector<traffic::Bytes>& pings, double peer,
                std::chrono::duration<double> idle) {
  Veth cable("line", "line-far");
  PacketPort far(cable.other());
  const auto device = must(NetDevice::open({.line = cable.one(), .sa_capacity = 1024}), "card");
  const auto endpoint = configure(*device, config);
  std::size_t answered = 0;
  double sending = 0;
  const double all_before = of_all_threads();
  const double own_before = of_this_thread();
  std::thread sender([&] {
    // Never more on the way than the card's buffer holds.
    constexpr std::size_t kWindow = 2048;
    PacketPort port(cable.other());
    for (std::size_t i = 0; i < pings.size(); i += kBatch) {
      await([&] { return i < device->statistics().front().sent + kWindow; }, "answers");
      port.send(std::span(pings).subspan(i, std::min(kBatch, pings.size() - i)));
    }
    sending = of_this_thread();
  });
  sender.join();
  await([&] { return (answered = device->statistics().front().sent) >= pings.size(); }, "the last answer");
  print("over veth", answered, of_all_threads() - all_before - (of_this_thread() - own_before) - sending, peer);

  const double before = of_all_threads();
  std::this_thread::sleep_for(idle);
  fmt::print("{:<24} {:>9.3f} % of a core\n", "idle", 100 * (of_all_threads() - before) / idle.count());
}

int run(std::size_t count, std::chrono::duration<double> idle) {
  const traffic::Config config = traffic::sample_config(1, kSas);
  traffic::Generator generator(config, 1, {.wrappings = false});
  std::vector<traffic::Bytes> pings;
  for (std::size_t i = 0; i < 2 * count; ++i) pings.push_back(generator.ping(i % kSas, true, 56));
  const double peer = bench_ipsec_mb(config, count);
  bench_memory(config, {pings.begin(), pings.begin() + static_cast<std::ptrdiff_t>(count)}, peer);
  bench_veth(config, {pings.begin() + static_cast<std::ptrdiff_t>(count), pings.end()}, peer, idle);
  return 0;
}

}  // namespace
}  // namespace sapulse::test

int main(int argc, char** argv) try {
  constexpr int kSkipped = 77;  // as ctest has been told
  if (!sapulse::test::enter_fresh_namespace()) {
    fmt::print(stderr, "needs CAP_SYS_ADMIN for a network namespace\n");
    return kSkipped;
  }
  constexpr std::size_t kPings = 200'000;
  constexpr double kSecondsIdle = 3;
  return sapulse::test::run(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : kPings,
                            std::chrono::duration<double>(argc > 2 ? std::strtod(argv[2], nullptr) : kSecondsIdle));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
