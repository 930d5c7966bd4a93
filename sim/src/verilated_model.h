// SPDX-License-Identifier: Apache-2.0
// Adapts the class that Verilator makes of sim_top to Model.
#pragma once

#include <verilated.h>
#include <verilated_fst_c.h>

#include <algorithm>
#include <cmath>

#include "pins.h"

namespace sapulse::sim {

/// V: Verilated class of sim_top. traced: it was Verilated with tracing.
template <class V, bool traced>
class VerilatedModel final : public Model {
 public:
  explicit VerilatedModel(const ModelOptions& options) {
    // Registers wake up with random values, so that a missing reset shows.
    context_.randReset(2);
    context_.randSeed(static_cast<int>(options.seed & 0x7fffffff) | 1);
    context_.timeunit(-12);
    context_.timeprecision(-12);
    half_period_ps_ = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(0.5e6 / options.clock_mhz)));
    top_ = std::make_unique<V>(&context_, "card");
    top_->git_hash = options.git_hash;
    top_->s_axil_awprot = top_->s_axil_arprot = 0;
    if constexpr (traced) {
      context_.traceEverOn(true);
      trace_ = std::make_unique<VerilatedFstC>();
      top_->trace(trace_.get(), 99);
      trace_->open(options.trace.c_str());
    }
  }

  ~VerilatedModel() override {
    // Scopes take themselves out of the context of their thread, which is that of the model that ran last.
    Verilated::threadContextp(&context_);
    if constexpr (traced) trace_->close();
    top_->final();
  }

  void settle(const Inputs& inputs, Outputs& outputs) override {
    top_->aclk = 0;
    top_->aresetn = !inputs.reset;
    apply(inputs);
    evaluate();
    read(outputs);
  }

  void clock() override {
    top_->aclk = 1;
    evaluate();
  }

 private:
  void evaluate() {
    top_->eval();
    if constexpr (traced) trace_->dump(context_.time());
    context_.timeInc(half_period_ps_);
  }

  template <class Wide>
  static void store(Wide& to, const Beat& from) {
    std::copy(from.begin(), from.end(), to.data());
  }

  template <class Wide>
  static void load(Beat& to, const Wide& from) {
    std::copy(from.data(), from.data() + to.size(), to.begin());
  }

  void apply(const Inputs& in) {
    V& v = *top_;
    const auto line = static_cast<std::size_t>(Port::line);
    const auto core = static_cast<std::size_t>(Port::core);
    v.s_axis_line_tvalid = in.rx_valid[line];
    if (in.rx_valid[line]) {
      store(v.s_axis_line_tdata, in.rx[line].data);
      v.s_axis_line_tkeep = in.rx[line].keep;
      v.s_axis_line_tlast = in.rx[line].last;
      v.s_axis_line_tuser = in.rx[line].user;
    }
    v.s_axis_core_tvalid = in.rx_valid[core];
    if (in.rx_valid[core]) {
      store(v.s_axis_core_tdata, in.rx[core].data);
      v.s_axis_core_tkeep = in.rx[core].keep;
      v.s_axis_core_tlast = in.rx[core].last;
      v.s_axis_core_tuser = in.rx[core].user;
    }
    v.m_axis_line_tready = in.tx_ready[line];
    v.m_axis_core_tready = in.tx_ready[core];
    apply(in.axil);
    apply(in.axi);
  }

  void apply(const AxilRequest& in) {
    V& v = *top_;
    v.s_axil_awvalid = in.awvalid;
    v.s_axil_awaddr = in.awaddr;
    v.s_axil_wvalid = in.wvalid;
    v.s_axil_wdata = in.wdata;
    v.s_axil_wstrb = 0xf;
    v.s_axil_bready = in.bready;
    v.s_axil_arvalid = in.arvalid;
    v.s_axil_araddr = in.araddr;
    v.s_axil_rready = in.rready;
  }

  void apply(const AxiResponse& in) {
    V& v = *top_;
    v.m_axi_awready = in.awready;
    v.m_axi_wready = in.wready;
    v.m_axi_bvalid = in.bvalid;
    v.m_axi_bid = in.bid;
    v.m_axi_bresp = in.bresp;
    v.m_axi_arready = in.arready;
    v.m_axi_rvalid = in.rvalid;
    if (in.rvalid) {
      store(v.m_axi_rdata, in.rdata);
      v.m_axi_rid = in.rid;
      v.m_axi_rresp = in.rresp;
      v.m_axi_rlast = in.rlast;
    }
  }

  void read(Outputs& out) const {
    const V& v = *top_;
    const auto line = static_cast<std::size_t>(Port::line);
    const auto core = static_cast<std::size_t>(Port::core);
    out.rx_ready[line] = v.s_axis_line_tready;
    out.rx_ready[core] = v.s_axis_core_tready;
    out.tx_valid[line] = v.m_axis_line_tvalid;
    if (out.tx_valid[line]) {
      load(out.tx[line].data, v.m_axis_line_tdata);
      out.tx[line].keep = v.m_axis_line_tkeep;
      out.tx[line].last = v.m_axis_line_tlast;
      out.tx[line].user = v.m_axis_line_tuser;
    }
    out.tx_valid[core] = v.m_axis_core_tvalid;
    if (out.tx_valid[core]) {
      load(out.tx[core].data, v.m_axis_core_tdata);
      out.tx[core].keep = v.m_axis_core_tkeep;
      out.tx[core].last = v.m_axis_core_tlast;
      out.tx[core].user = v.m_axis_core_tuser;
    }
    read(out.axil);
    read(out.axi);
    out.interrupts = v.irq;
    read(out.events);
  }

  void read(FrameEvents& out) const {
    const V& v = *top_;
    out.received = v.event_received;
    out.arrived = v.event_arrived;
    out.decided = v.event_decided;
    out.steered = v.event_steered;
    out.steered_passes = v.event_steered_passes;
    out.parted = v.event_parted;
    out.parted_taken = v.event_parted_taken;
    out.routed_exception = v.event_routed_exception;
    out.routed_ping = v.event_routed_ping;
    out.routed_echo = v.event_routed_echo;
    out.dispatched = v.event_dispatched;
    out.opened = v.event_opened;
    out.judged = v.event_judged;
    out.judged_answered = v.event_judged_answered;
    out.sealing = v.event_sealing;
    out.chosen = v.event_chosen;
    out.chosen_echo = v.event_chosen_echo;
    out.chosen_from_line = v.event_chosen_from_line;
    out.assembling = v.event_assembling;
    out.answer_sent = v.event_answer_sent;
    out.passed_sent = v.event_passed_sent;
  }

  void read(AxilResponse& out) const {
    const V& v = *top_;
    out.awready = v.s_axil_awready;
    out.wready = v.s_axil_wready;
    out.bvalid = v.s_axil_bvalid;
    out.bresp = v.s_axil_bresp;
    out.arready = v.s_axil_arready;
    out.rvalid = v.s_axil_rvalid;
    out.rdata = v.s_axil_rdata;
    out.rresp = v.s_axil_rresp;
  }

  void read(AxiRequest& out) const {
    const V& v = *top_;
    out.aw = {v.m_axi_awvalid != 0, v.m_axi_awid, v.m_axi_awaddr, v.m_axi_awlen};
    out.ar = {v.m_axi_arvalid != 0, v.m_axi_arid, v.m_axi_araddr, v.m_axi_arlen};
    out.wvalid = v.m_axi_wvalid;
    if (out.wvalid) {
      load(out.wdata, v.m_axi_wdata);
      out.wstrb = v.m_axi_wstrb;
      out.wlast = v.m_axi_wlast;
    }
    out.bready = v.m_axi_bready;
    out.rready = v.m_axi_rready;
  }

  VerilatedContext context_;
  std::uint64_t half_period_ps_ = 1;
  std::unique_ptr<V> top_;
  std::unique_ptr<VerilatedFstC> trace_;
};

}  // namespace sapulse::sim
