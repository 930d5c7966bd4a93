// SPDX-License-Identifier: Apache-2.0
// One card with a host and something to send frames to and take them from at both sides.
#pragma once

#include "platform.h"

namespace sapulse::systemc::test {

class SingleCard : public sc_core::sc_module {
 public:
  example::Site site;
  FrameSource line_in{"line_in"};
  FrameSink line_out{"line_out"};

  SingleCard(const sc_core::sc_module_name& name, const CardModuleOptions& options)
      : sc_module(name), site("site", options), clock_("clock", site.card.period()) {
    site.card.clk.bind(clock_.clk);
    line_in.out.bind(site.card.line_rx);
    site.card.line_tx.bind(line_out.in);
    clock_.set_running(options.card.model == sim::ModelKind::rtl);
  }

 private:
  example::GatedClock clock_;
};

}  // namespace sapulse::systemc::test
