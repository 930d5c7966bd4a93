// SPDX-License-Identifier: Apache-2.0
// The prober that only makes visits with something to do, against one that makes every visit of the sweep.
#include "prober.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sapulse/model/random.h"

namespace sapulse::model {
namespace {

constexpr unsigned kCapacity = 16;
constexpr std::uint64_t kSweep = 2 * kCapacity;
constexpr std::uint64_t kTickPerCycle = std::uint64_t{1024} << 32;  // increment of the clock, 16.32 fixed point
constexpr std::uint64_t kCycles = 400'000;

/// Writes down what is handed out.
class Log : public ProberTarget {
 public:
  bool probe_room(std::uint64_t cycle) const override { return cycle / 1000 % 5 != 4; }
  void send_probe(std::uint32_t sa, std::uint32_t number, std::uint32_t length, std::uint64_t cycle) override {
    lines.push_back(fmt::format("{}: probe {} of {}, {} bytes", cycle, number, sa, length));
    newest.at(sa) = number;
  }
  bool change_room() const override { return room; }
  void tell_change(std::uint32_t sa, regs::ProbeState previous, const ProbeReport& report,
                   std::uint64_t cycle) override {
    lines.push_back(fmt::format("{}: {} {} to {}, {} probes, {} replies, heard {} ago", cycle, sa, regs::name(previous),
                                regs::name(report.state), report.probes, report.replies, report.heard));
  }

  bool room = true;
  std::vector<std::string> lines;
  std::vector<std::uint32_t> newest = std::vector<std::uint32_t>(kCapacity);
};

/// Visits every entry in every sweep.
class Sweep {
 public:
  Sweep(const CardClock& clock, Log& log, std::uint64_t begin) : clock_(clock), log_(log), begin_(begin) {
    clock_.reset();
  }

  ProbeClock& clock() { return clock_; }
  ProbeEntry& entry(std::uint32_t sa) { return entries_.at(sa); }

  void visit(std::uint64_t cycle) {
    if (cycle < begin_ || (cycle - begin_) % 2 != 0) return;
    const auto sa = static_cast<std::uint32_t>((cycle - begin_) / 2 % kCapacity);
    ProbeEntry& entry = entries_[sa];
    const std::uint64_t tick = clock_.tick(cycle);
    entry.judge(tick);
    if (entry.untold() && log_.change_room()) {
      log_.tell_change(sa, entry.told(), entry.report(tick), cycle);
      entry.tell();
    }
    if (!clock_.running() || !entry.due(tick)) return;
    if (log_.probe_room(cycle)) {
      log_.send_probe(sa, entry.take_probe(tick, 0), entry.length(), cycle);
    } else {
      entry.postpone(tick);
    }
  }

 private:
  ProbeClock clock_;
  Log& log_;
  std::uint64_t begin_;
  std::vector<ProbeEntry> entries_ = std::vector<ProbeEntry>(kCapacity);
};

TEST(FastProber, MakesEveryVisitThatMatters) {
  Random random(20'262);
  CardClock clock(0, kTickPerCycle);
  Log log, expected;
  Prober prober(kCapacity, clock, log);
  prober.reset(0);
  Sweep sweep(clock, expected, kCapacity);
  for (std::uint64_t cycle = 1; cycle < kCycles && log.lines.size() == expected.lines.size(); ++cycle) {
    sweep.visit(cycle);
    // The other one leaps.
    if (const auto next = prober.next(); next && *next <= cycle) prober.advance(cycle);
    if (random.between(0, 40) != 0) continue;
    const auto sa = static_cast<std::uint32_t>(random.between(0, kCapacity - 1));
    const std::uint64_t tick = sweep.clock().tick(cycle);
    switch (random.between(0, 9)) {
      case 0: {
        const ProbeConfig config{.enable = random.between(0, 9) != 0,
                                 .data_alive = random.between(0, 1) != 0,
                                 .length = 56,
                                 .interval = static_cast<std::uint32_t>(random.between(1, 900)),
                                 .suspect = static_cast<std::uint32_t>(random.between(0, 1) * random.between(1, 1500)),
                                 .detect = static_cast<std::uint32_t>(random.between(1, 3000))};
        prober.write(sa, config, cycle);
        sweep.entry(sa).write(config, tick, 0);
        // Then the first probe does not depend on chance.
        prober.burst(sa, 1, cycle);
        sweep.entry(sa).burst(1, tick);
        break;
      }
      case 1: {
        const auto count = static_cast<std::uint32_t>(random.between(1, 15));
        prober.burst(sa, count, cycle);
        sweep.entry(sa).burst(count, tick);
        break;
      }
      case 2:
      case 3:
        prober.note_data(sa, cycle);
        sweep.entry(sa).note_data(tick);
        break;
      case 4:
        if (random.between(0, 20) == 0) {
          const bool on = !sweep.clock().running();
          prober.set_running(on, cycle);
          sweep.clock().set_running(on, cycle);
        }
        break;
      case 5:
        log.room = expected.room = random.between(0, 3) != 0;
        break;
      default: {
        const auto number = static_cast<std::uint32_t>((log.newest[sa] - random.between(0, 3)) & 0x3fff'ffff);
        ASSERT_EQ(prober.reply(sa, number, 5, cycle), sweep.entry(sa).reply(number, 5, tick)) << cycle;
      }
    }
  }
  const auto differs = std::ranges::mismatch(log.lines, expected.lines);
  if (differs.in1 != log.lines.end()) ADD_FAILURE() << "is: " << *differs.in1;
  if (differs.in2 != expected.lines.end()) ADD_FAILURE() << "expected: " << *differs.in2;
  EXPECT_GT(log.lines.size(), 5000U);
}

TEST(FastProber, AQuietProberWantsNothing) {
  CardClock clock(0, kTickPerCycle);
  Log log;
  Prober prober(kCapacity, clock, log);
  prober.reset(0);
  EXPECT_EQ(prober.next(), std::nullopt);
  prober.set_running(true, 10);
  EXPECT_EQ(prober.next(), std::nullopt);
  prober.write(3, {.enable = true, .length = 56, .interval = 1'000'000'000, .detect = 2'000'000'000}, 100);
  prober.burst(3, 1, 100);
  prober.advance(100 + kSweep);
  ASSERT_EQ(log.lines.size(), 2U) << "INIT and the first probe";
  EXPECT_GT(*prober.next(), 1'000'000'000U) << "nothing to do for an interval";
}

}  // namespace
}  // namespace sapulse::model
