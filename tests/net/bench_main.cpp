// SPDX-License-Identifier: Apache-2.0
// How many pings the software card answers in a second of one processor, out of memory and over a cable made of
// software, and what it takes while nothing happens. Other load does not count: times are processor times of the card's
// thread. usage: net_bench [PINGS]
#include <fmt/format.h>
#include <time.h>

#include <chrono>
#include <cstdlib>
#include <thread>

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

void print(const char* what, std::size_t answered, double seconds) {
  const auto pings = static_cast<double>(answered);
  fmt::print("{:<24} {:>9.0f} pings/s, {:.2f} us each\n", what, pings / seconds, seconds * 1e6 / pings);
}

void bench_memory(const traffic::Config& config, const std::vector<traffic::Bytes>& pings) {
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
  print("out of memory", answered, of_this_thread() - before);
}

void bench_veth(const traffic::Config& config, const std::vector<traffic::Bytes>& pings) {
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
  print("over veth", answered, of_all_threads() - all_before - (of_this_thread() - own_before) - sending);

  constexpr auto kIdle = std::chrono::seconds(3);
  const double before = of_all_threads();
  std::this_thread::sleep_for(kIdle);
  fmt::print("{:<24} {:>9.3f} % of a core\n", "idle",
             100 * (of_all_threads() - before) / std::chrono::duration<double>(kIdle).count());
}

int run(std::size_t count) {
  const traffic::Config config = traffic::sample_config(1, kSas);
  traffic::Generator generator(config, 1, {.wrappings = false});
  std::vector<traffic::Bytes> pings;
  for (std::size_t i = 0; i < 2 * count; ++i) pings.push_back(generator.ping(i % kSas, true, 56));
  bench_memory(config, {pings.begin(), pings.begin() + static_cast<std::ptrdiff_t>(count)});
  bench_veth(config, {pings.begin() + static_cast<std::ptrdiff_t>(count), pings.end()});
  return 0;
}

}  // namespace
}  // namespace sapulse::test

int main(int argc, char** argv) {
  if (!sapulse::test::enter_fresh_namespace()) {
    fmt::print(stderr, "needs CAP_SYS_ADMIN for a network namespace\n");
    return 2;
  }
  constexpr std::size_t kPings = 200'000;
  return sapulse::test::run(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : kPings);
}
