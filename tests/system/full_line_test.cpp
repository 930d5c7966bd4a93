// SPDX-License-Identifier: Apache-2.0
// Customers fill the line side, on both models: the card probes, answers, and carries commands out beside them, and
// takes no more from them than the share that it has.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "requester_bench.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using regs::ProbeState;

struct Cabling {
  sim::ModelKind model;
  bool one_cage;  ///< the MAC of the line side sends for the core side, too: line TX gets every other cycle
};

constexpr std::uint32_t kWatched = 4;    // SAs with probes
constexpr std::uint32_t kReplaced = 2;   // SAs that are replaced all the time
constexpr std::uint32_t kInterval = 60;  // ticks of 1024 ns, some 330 cycles each
constexpr std::uint32_t kDetect = 3 * kInterval;
constexpr int kRounds = 60;
constexpr std::size_t kCustomerBytes = 1500;
constexpr std::uint64_t kShareCycles = 65536 / 64;  // TX_SHARE after reset
/// Cycles until any command is done (docs/security.md): a fence waits for what has been looked up before it, which
/// leaves one share after the other.
constexpr std::uint64_t kCommandCycles = 10 * kShareCycles;

class FullLine : public testing::TestWithParam<Cabling> {
 protected:
  FullLine() {
    while (customer_.size() < kCustomerBytes) customer_.push_back(0x5c);
    for (std::uint32_t sa = 0; sa < kWatched; ++sa) {
      EXPECT_EQ(bench_.write_path(sa, bench_.path(sa)).status, Status::ok);
      std::array<std::byte, regs::kCommandBytes> bytes{};
      const regs::ProbeWrite probe{std::span(bytes)};
      probe.set_opcode(Opcode::probe_write);
      probe.set_sa(sa);
      probe.set_enable(1);
      probe.set_jitter(32);
      probe.set_length(kTelemetryBytes);
      probe.set_interval(kInterval);
      probe.set_detect(kDetect);
      EXPECT_EQ(bench_.execute(bytes).status, Status::ok);
    }
    turn_prober(true);
  }

  void turn_prober(bool on) {
    const std::uint32_t bit = regs::control::kProber.mask();
    const std::uint32_t others = must(bench_.device().read32(regs::offset::kControl), "CONTROL") & ~bit;
    must(bench_.device().write32(regs::offset::kControl, on ? others | bit : others), "CONTROL");
  }

  std::unique_ptr<SimDevice> make_device() const {
    sim::CardOptions options;
    options.model = GetParam().model;
    options.seed = seed_;
    options.sink_stall_percent = GetParam().one_cage ? 50 : 0;
    return must(SimDevice::create(options), "card");
  }

  sim::Card& card() { return bench_.device().card(); }
  std::uint64_t slowness() const { return GetParam().one_cage ? 2 : 1; }

  /// Customers of the core side never pause, each with a number; with one cage, there are some of the line side.
  void feed() {
    while (card().pending(sim::Port::core) < 1500) {
      set32(customer_, customer_.size() - 4, next_customer_++);
      must(card().send(sim::Port::core, to_frame(customer_)), "customer");
    }
    while (GetParam().one_cage && card().pending(sim::Port::line) < 20) bench_.line(customer_);
  }

  /// Carries something out, and sees how long it takes.
  void timed(const char* what, unsigned commands, const std::function<void()>& action) {
    feed();
    const std::uint64_t begin = card().cycle();
    action();
    const std::uint64_t cycles = card().cycle() - begin;
    longest_ = std::max(longest_, cycles / commands);
    EXPECT_LE(cycles, commands * kCommandCycles * slowness()) << what;
  }

  /// An SA with the inbound SPI of before, under another key.
  void replace(std::uint32_t number) {
    Association& sa = config_.sas[number];
    sa.in.key = random_.bytes(sa.in.key.size());
    sa.out.key = random_.bytes(sa.out.key.size());
    must(bench_.sas().replace(sa.in.spi, parameters(sa)), "replace");
  }

  void send_host_frame() {
    must(bench_.card().send_frame(host_frame_), "frame");
    must(bench_.card().drain(), "drain");
    ++host_frames_;
  }

  /// Looks at what has left; probes are answered.
  void exchange() {
    for (const Bytes& frame : bench_.sent()) {
      const Dissected at = dissect(frame);
      const unsigned type = at.kind == Dissected::Kind::spi && at.wrap.spi == 253 ? frame[at.payload + 1] : 0U;
      if (type == type_echo_request) {
        bench_.line(bench_.answer(frame));
        ++probes_;
      } else if (type == type_echo_reply) {
        ++replies_;
      } else if (frame == host_frame_) {
        --host_frames_;
      } else {
        ASSERT_EQ(frame.size(), kCustomerBytes);
        ASSERT_EQ(get32(frame, frame.size() - 4), customers_++) << "customers leave in order, and none is lost";
      }
    }
    for (const Event& event : bench_.events()) {
      ASSERT_EQ((*event).kind(), regs::EventKind::probe_state);
      EXPECT_NE((*event).state(), ProbeState::down) << "SA " << (*event).sa();
      ups_ += (*event).state() == ProbeState::up ? 1 : 0;
    }
  }

  const std::uint64_t seed_ = test_seed(91);
  Random random_{seed_};
  /// The generator and the peer that answers number beside each other.
  traffic::Config config_ = [this] {
    traffic::Config config = sample_config(seed_, kWatched + kReplaced);
    for (Association& sa : config.sas) sa.in.next = 1'000'000;
    return config;
  }();
  Generator generator_{config_, seed_, {.wrappings = false, .replays = false}};
  Bytes customer_ = generator_.customer("ESP to another address").frame;
  const Bytes host_frame_ = Bytes(300, 0xab);
  RequesterBench bench_{config_, make_device()};
  std::uint32_t next_customer_ = 0;
  std::uint32_t customers_ = 0;
  unsigned host_frames_ = 0;
  unsigned probes_ = 0;
  unsigned replies_ = 0;
  unsigned ups_ = 0;
  std::uint64_t longest_ = 0;
};

TEST_P(FullLine, AttackByAFullLineCallsNobodyDown) {
  feed();
  card().step(2000);
  const std::uint64_t begin = card().cycle();
  const std::uint64_t bytes = card().transmitted(sim::Port::line).bytes;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    bench_.line(generator_.ping(kWatched, true, kTelemetryBytes));
    timed("FENCE", 1, [&] { EXPECT_EQ(bench_.fence().status, Status::ok); });
    timed("FRAME", 1, [&] { send_host_frame(); });
    // Both halves, path, index, fence, and the erasure of the old one.
    timed("replacing an SA", 6, [&] { replace(kWatched + kReplaced - 1); });
    timed("a pause", 1, [&] { card().step(2000); });
    exchange();
  }
  const std::uint64_t cycles = card().cycle() - begin;
  const std::uint64_t sent = card().transmitted(sim::Port::line).bytes - bytes;
  // Nobody pauses: what is missing are the last beats of frames, which are not full.
  EXPECT_GT(sent * slowness(), cycles * 64 * 93 / 100);
  while (card().pending(sim::Port::core) != 0) {
    card().step(2000);
    exchange();
  }
  turn_prober(false);
  bench_.settle();
  exchange();
  EXPECT_EQ(customers_, next_customer_);
  EXPECT_EQ(replies_, static_cast<unsigned>(kRounds));
  EXPECT_EQ(host_frames_, 0U);
  EXPECT_GT(probes_, kWatched * cycles / (kInterval * 400) / 2);
  EXPECT_EQ(ups_, kWatched);
  fmt::print("{} cycles, {} probes, longest command {} cycles\n", cycles, probes_, longest_);
}

INSTANTIATE_TEST_SUITE_P(Cards, FullLine,
                         testing::Values(Cabling{sim::ModelKind::rtl, false}, Cabling{sim::ModelKind::rtl, true},
                                         Cabling{sim::ModelKind::fast, false}, Cabling{sim::ModelKind::fast, true}),
                         [](const testing::TestParamInfo<Cabling>& info) {
                           return std::string(info.param.model == sim::ModelKind::rtl ? "rtl" : "fast") +
                                  (info.param.one_cage ? "_one_cage" : "_two_cages");
                         });

}  // namespace
}  // namespace sapulse::test
