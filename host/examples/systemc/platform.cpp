// SPDX-License-Identifier: Apache-2.0
#include "platform.h"

#include <utility>

namespace sapulse::systemc::example {

GatedClock::GatedClock(const sc_core::sc_module_name& name, const sc_core::sc_time& period)
    : sc_module(name), period_(period) {
  SC_HAS_PROCESS(GatedClock);
  SC_THREAD(run);
}

void GatedClock::set_running(bool running) {
  running_ = running;
  if (running) started_.notify(sc_core::SC_ZERO_TIME);
}

void GatedClock::run() {
  for (;;) {
    while (!running_) wait(started_);
    clk.write(true);
    wait(period_ / 2);
    clk.write(false);
    wait(period_ - period_ / 2);
  }
}

Site::Site(const sc_core::sc_module_name& name, const CardModuleOptions& options)
    : sc_module(name), card("card", options), device("device", card.period()) {
  device.registers.bind(card.registers);
  card.memory.bind(device.memory);
  core_in.out.bind(card.core_rx);
  card.core_tx.bind(core_out.in);
  card.irq.bind(irq_);
  device.irq.bind(irq_);
  device.reset_n.bind(reset_n_);
  card.reset_n.bind(reset_n_);
}

Software::Software(const sc_core::sc_module_name& name, std::function<void()> body)
    : sc_module(name), body_(std::move(body)) {
  SC_HAS_PROCESS(Software);
  SC_THREAD(run);
  set_stack_size(std::size_t{4} << 20);
}

Platform::Platform(const sc_core::sc_module_name& name, const CardModuleOptions& options,
                   const sc_core::sc_time& link_delay)
    : sc_module(name),
      clock("clock", {1e6 / options.card.clock_mhz, sc_core::SC_PS}),
      west("west", options),
      east("east", options),
      eastward("eastward", link_delay),
      westward("westward", link_delay) {
  west.card.clk.bind(clock.clk);
  east.card.clk.bind(clock.clk);
  west.card.line_tx.bind(eastward.in);
  eastward.out.bind(east.card.line_rx);
  east.card.line_tx.bind(westward.in);
  westward.out.bind(west.card.line_rx);
}

}  // namespace sapulse::systemc::example
