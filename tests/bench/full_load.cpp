// SPDX-License-Identifier: Apache-2.0
#include "full_load.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "sample_pings.h"
#include "sapulse/registers.h"
#include "support/convert.h"
#include "system/requester_bench.h"
#include "traffic/dissect.h"

namespace sapulse::bench {
namespace {

using test::must;
using test::RequesterBench;
using traffic::Bytes;

constexpr std::uint64_t kCycles = 120'000;
constexpr unsigned kCapacity = 65'536;
constexpr double kProbesPerSecond = 10.0 * kCapacity;
// Few SAs, each probed the more often: to install 65,536 of them would take the simulation minutes. (Not less than
// that, since the prober comes by each SA every 65,536 cycles.)
constexpr std::uint32_t kWatched = 256;
constexpr std::uint32_t kPinged = 64;
constexpr double kTickNanoseconds = 1U << regs::kProbeTickLog2;
constexpr auto kInterval = static_cast<std::uint32_t>(kWatched / kProbesPerSecond * 1e9 / kTickNanoseconds);
constexpr std::size_t kMostWaiting = 40;  // frames in front of the card, behind which replies to probes wait, too
constexpr std::uint64_t kTurn = 100;      // cycles

using Descriptor = std::array<std::byte, regs::kCommandBytes>;

std::unique_ptr<SimDevice> make_device() {
  sim::CardOptions options;
  options.model = sim::ModelKind::rtl;
  options.sa_capacity = kCapacity;
  options.pacing.line_rate = true;
  return must(SimDevice::create(options), "card");
}

class Gateway {
 public:
  Gateway() {
    for (std::uint32_t sa = 0; sa < kWatched; ++sa) {
      bench_.write_path(sa, bench_.path(sa));
      Descriptor bytes{};
      const regs::ProbeWrite probe{std::span(bytes)};
      probe.set_opcode(Opcode::probe_write);
      probe.set_sa(sa);
      probe.set_enable(1);
      probe.set_length(traffic::kTelemetryBytes);
      probe.set_interval(kInterval);
      probe.set_detect(3 * kInterval);
      bench_.execute(bytes);
    }
    turn_prober(true);
  }

  FullLoad run() {
    sim::Card& card = bench_.device().card();
    const std::uint64_t end = card.cycle() + kCycles;
    while (card.cycle() < end) {
      while (card.pending(sim::Port::line) < kMostWaiting) ping();
      card.step(kTurn);
      exchange();
    }
    turn_prober(false);
    while (card.pending(sim::Port::line) != 0) {
      card.step(kTurn);
      exchange();
    }
    bench_.settle();
    exchange();
    bench_.settle();
    FullLoad load{.pings = pings_, .lost = pings_ - replies_};
    for (std::uint32_t sa = 0; sa < kWatched; ++sa) {
      const ProbeStatus probed = read_probe(sa);
      load.probes += probed.probes;
      load.lost += probed.probes - probed.replies;
    }
    return load;
  }

 private:
  void turn_prober(bool on) {
    const std::uint32_t bit = regs::control::kProber.mask();
    const std::uint32_t others = must(bench_.device().read32(regs::offset::kControl), "CONTROL") & ~bit;
    must(bench_.device().write32(regs::offset::kControl, on ? others | bit : others), "CONTROL");
  }

  void ping() {
    bench_.line(telemetry_ping(generator_, kWatched + pings_ % kPinged, kSmallPing));
    ++pings_;
  }

  /// Looks at what has left; probes are answered.
  void exchange() {
    for (const Bytes& frame : bench_.sent()) {
      const unsigned type = frame[traffic::dissect(frame).payload + 1];
      if (type == traffic::type_echo_reply) ++replies_;
      if (type == traffic::type_echo_request) bench_.line(bench_.answer(frame));
    }
    bench_.events();
  }

  ProbeStatus read_probe(std::uint32_t sa) {
    Descriptor bytes{};
    const regs::Command read{std::span(bytes)};
    read.set_opcode(Opcode::probe_read);
    read.set_sa(sa);
    return bench_.execute(bytes).probe;
  }

  const traffic::Config config_ = small_ping_config(kWatched + kPinged);
  traffic::Generator generator_{config_, kPingSeed, {.wrappings = false, .replays = false}};
  RequesterBench bench_{config_, make_device()};
  std::uint64_t pings_ = 0;
  std::uint64_t replies_ = 0;
};

}  // namespace

FullLoad measure_full_load() { return Gateway().run(); }

}  // namespace sapulse::bench
