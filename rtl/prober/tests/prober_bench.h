// SPDX-License-Identifier: Apache-2.0
// Drives the prober: time, commands, replies, customer packets; takes its probes and events.
#pragma once

#include <Vprober_bench.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "clocked.h"
#include "probe_model.h"

namespace sapulse::test {

constexpr std::int64_t kTick = 1024;  ///< ns

struct ProbeRequest {
  unsigned sa;
  std::uint32_t number;
  unsigned length;
  std::int64_t time;  ///< ticks, when it was taken
};

struct ProbeEvent {
  unsigned sa;
  ProbeState previous;
  ProbeReport report;
  std::int64_t made;  ///< ticks
  std::int64_t time;  ///< ticks, when it was taken
};

class ProberBench {
 public:
  ProberBench();

  /// One cycle; what is set below is offered in it.
  void cycle();
  void run(std::int64_t cycles) {
    while (cycles-- > 0) cycle();
  }
  /// Ticks of the bench: ns gone by / 1024. The prober's run a few cycles late.
  std::int64_t now() const { return ns_ / kTick; }
  /// Cycles of one sweep, each of which visits every SA, with some for SAs that were busy.
  static std::int64_t sweep() { return 2 * kCapacity + 40; }

  // Each returns when the prober has carried it out.
  ProbeReport command(unsigned command, unsigned sa, const ProbeConfig& config = {}, unsigned count = 0);
  void write(unsigned sa, const ProbeConfig& config) { command(0, sa, config); }
  void burst(unsigned sa, unsigned count) { command(1, sa, {}, count); }
  ProbeReport read(unsigned sa) { return command(2, sa); }
  /// A reply to the probe that left `age` ns ago.
  ProbeVerdict reply(unsigned sa, std::uint32_t number, std::uint64_t age = 1000);
  /// A customer packet in the next cycle.
  void data(unsigned sa) {
    dut->data_valid = 1;
    dut->data_sa = sa;
    cycle();
    dut->data_valid = 0;
  }

  // Offers without waiting; handshakes happen in cycle().
  void offer_command(unsigned command, unsigned sa, const ProbeConfig& config, unsigned count);
  void offer_reply(unsigned sa, std::uint32_t number, std::uint64_t origin, std::uint64_t arrival);
  bool command_offered() { return dut->command_valid; }
  bool reply_offered() { return dut->reply_valid; }

  /// Every probe is answered so many cycles after it was taken.
  void answer(unsigned sa, std::int64_t cycles) { answering_[sa] = cycles; }
  void stop_answering(unsigned sa) { answering_.erase(sa); }

  /// The events of an SA, and those taken from it are forgotten.
  std::vector<ProbeEvent> events_of(unsigned sa);

  static const std::int64_t kCapacity;
  Clocked<Vprober_bench> dut;
  std::uint64_t ns_per_cycle = 1024;
  std::vector<ProbeRequest> requests;
  std::vector<ProbeEvent> events;
  std::vector<ProbeVerdict> verdicts;  ///< of all replies
  std::vector<ProbeReport> done;       ///< of all commands
  std::function<void()> observe;       ///< looks at the outputs of each cycle

 private:
  ProbeReport last_report();

  std::int64_t ns_ = 0;
  std::int64_t cycles_ = 0;
  std::map<unsigned, std::int64_t> answering_;
  std::multimap<std::int64_t, std::pair<unsigned, std::uint32_t>> answers_;  ///< by cycle
};

}  // namespace sapulse::test
