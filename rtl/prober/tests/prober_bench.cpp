// SPDX-License-Identifier: Apache-2.0
#include "prober_bench.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sapulse::test {

// The width of an SA number tells the capacity.
const std::int64_t ProberBench::kCapacity = sizeof(Vprober_bench::command_sa) == 1 ? 16 : 65536;

ProberBench::ProberBench() {
  dut->enable = 1;
  dut->request_ready = 1;
  dut->event_ready = 1;
  while (dut->ready == 0) cycle();
}

void ProberBench::cycle() {
  dut->uptime = static_cast<std::uint64_t>(ns_);
  dut->now = static_cast<std::uint64_t>(ns_) + 5'000'000'000;  // the host has set it
  if (!dut->reply_valid && !answers_.empty() && answers_.begin()->first <= cycles_) {
    const auto [sa, number] = answers_.begin()->second;
    offer_reply(sa, number, 1000, 3000);
    answers_.erase(answers_.begin());
  }
  dut.settle();

  const bool command_taken = dut->command_valid && dut->command_ready;
  const bool reply_taken = dut->reply_valid && dut->reply_ready;
  if (dut->request_valid && dut->request_ready) {
    requests.push_back({dut->request_sa, dut->request_number, dut->request_length, now()});
    if (auto answering = answering_.find(dut->request_sa); answering != answering_.end()) {
      answers_.emplace(cycles_ + answering->second, std::pair{answering->first, dut->request_number});
    }
  }
  if (dut->event_valid && dut->event_ready) {
    events.push_back({dut->event_sa,
                      static_cast<ProbeState>(dut->event_previous),
                      {static_cast<ProbeState>(dut->event_state), dut->event_rtt, dut->event_probes, dut->event_replies,
                       dut->event_heard},
                      (static_cast<std::int64_t>(dut->event_time_ns) - 5'000'000'000) / kTick,
                      now()});
  }
  if (dut->verdict_valid) verdicts.push_back(static_cast<ProbeVerdict>(dut->verdict));
  if (dut->done_valid) done.push_back(last_report());
  if (observe) observe();

  dut.tick();
  if (command_taken) dut->command_valid = 0;
  if (reply_taken) dut->reply_valid = 0;
  ns_ += static_cast<std::int64_t>(ns_per_cycle);
  ++cycles_;
}

ProbeReport ProberBench::last_report() {
  return {static_cast<ProbeState>(dut->done_state), dut->done_rtt, dut->done_probes, dut->done_replies,
          dut->done_heard};
}

void ProberBench::offer_command(unsigned command, unsigned sa, const ProbeConfig& config, unsigned count) {
  dut->command_valid = 1;
  dut->command = command;
  dut->command_sa = sa;
  dut->config_enable = config.enable;
  dut->config_data_alive = config.data_alive;
  dut->config_jitter = config.jitter;
  dut->config_length = config.length;
  dut->config_interval = static_cast<unsigned>(config.interval);
  dut->config_suspect = static_cast<unsigned>(config.suspect);
  dut->config_detect = static_cast<unsigned>(config.detect);
  dut->command_count = count;
}

void ProberBench::offer_reply(unsigned sa, std::uint32_t number, std::uint64_t origin, std::uint64_t arrival) {
  dut->reply_valid = 1;
  dut->reply_sa = sa;
  dut->reply_number = number;
  dut->reply_t_origin = origin;
  dut->reply_t_arrival = arrival;
}

ProbeReport ProberBench::command(unsigned command, unsigned sa, const ProbeConfig& config, unsigned count) {
  const std::size_t before = done.size();
  offer_command(command, sa, config, count);
  for (int waited = 0; done.size() == before; ++waited) {
    if (waited > 100) throw std::runtime_error("a command was not carried out");
    cycle();
  }
  return done.back();
}

ProbeVerdict ProberBench::reply(unsigned sa, std::uint32_t number, std::uint64_t age) {
  while (dut->reply_valid) cycle();
  const std::size_t before = verdicts.size();
  offer_reply(sa, number, 5000, 5000 + age);
  for (int waited = 0; verdicts.size() == before; ++waited) {
    if (waited > 100) throw std::runtime_error("a reply was not judged");
    cycle();
  }
  return verdicts.back();
}

std::vector<ProbeEvent> ProberBench::events_of(unsigned sa) {
  std::vector<ProbeEvent> result;
  std::erase_if(events, [&](const ProbeEvent& event) {
    if (event.sa == sa) result.push_back(event);
    return event.sa == sa;
  });
  return result;
}

}  // namespace sapulse::test
