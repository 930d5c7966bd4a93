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
      asking("asking", options),
      answering("answering", options),
      there_("there", link_delay),
      back_("back", link_delay) {
  asking.card.clk.bind(clock.clk);
  answering.card.clk.bind(clock.clk);
  asking.card.line_tx.bind(there_.in);
  there_.out.bind(answering.card.line_rx);
  answering.card.line_tx.bind(back_.in);
  back_.out.bind(asking.card.line_rx);
}

}  // namespace sapulse::systemc::example
