// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Top of the simulation: the card, the checkers of its buses and the probe of its frames. The ports are those of sapulse_core without
// the AXI signals that the models of the harness have no use for; event_*: see FrameEvents in sim/src/frame_events.h.
module sim_top #(
    parameter int unsigned SA_CAPACITY = 1024,    // SAs, see sapulse_core
    parameter int unsigned CLOCK_KHZ   = 322266,  // clock that the card believes in
    parameter logic [31:0] GIT_HASH    = 32'h0    // first 32 bits of the commit
) (
    input  wire          aclk,
    input  wire          aresetn,  // synchronous, active low
    input  wire  [511:0] s_axis_line_tdata,
    input  wire  [ 63:0] s_axis_line_tkeep,
    input  wire          s_axis_line_tlast,
    input  wire          s_axis_line_tuser,
    input  wire          s_axis_line_tvalid,
    output logic         s_axis_line_tready,
    output logic [511:0] m_axis_line_tdata,
    output logic [ 63:0] m_axis_line_tkeep,
    output logic         m_axis_line_tlast,
    output logic         m_axis_line_tuser,
    output logic         m_axis_line_tvalid,
    input  wire          m_axis_line_tready,
    input  wire  [511:0] s_axis_core_tdata,
    input  wire  [ 63:0] s_axis_core_tkeep,
    input  wire          s_axis_core_tlast,
    input  wire          s_axis_core_tuser,
    input  wire          s_axis_core_tvalid,
    output logic         s_axis_core_tready,
    output logic [511:0] m_axis_core_tdata,
    output logic [ 63:0] m_axis_core_tkeep,
    output logic         m_axis_core_tlast,
    output logic         m_axis_core_tuser,
    output logic         m_axis_core_tvalid,
    input  wire          m_axis_core_tready,
    input  wire  [ 15:0] s_axil_awaddr,
    input  wire          s_axil_awvalid,
    output logic         s_axil_awready,
    input  wire  [ 31:0] s_axil_wdata,
    input  wire  [  3:0] s_axil_wstrb,
    input  wire          s_axil_wvalid,
    output logic         s_axil_wready,
    output logic [  1:0] s_axil_bresp,
    output logic         s_axil_bvalid,
    input  wire          s_axil_bready,
    input  wire  [ 15:0] s_axil_araddr,
    input  wire          s_axil_arvalid,
    output logic         s_axil_arready,
    output logic [ 31:0] s_axil_rdata,
    output logic [  1:0] s_axil_rresp,
    output logic         s_axil_rvalid,
    input  wire          s_axil_rready,
    output logic [  3:0] m_axi_awid,
    output logic [ 63:0] m_axi_awaddr,
    output logic [  7:0] m_axi_awlen,
    output logic [  2:0] m_axi_awsize,
    output logic [  1:0] m_axi_awburst,
    output logic         m_axi_awvalid,
    input  wire          m_axi_awready,
    output logic [511:0] m_axi_wdata,
    output logic [ 63:0] m_axi_wstrb,
    output logic         m_axi_wlast,
    output logic         m_axi_wvalid,
    input  wire          m_axi_wready,
    input  wire  [  3:0] m_axi_bid,
    input  wire  [  1:0] m_axi_bresp,
    input  wire          m_axi_bvalid,
    output logic         m_axi_bready,
    output logic [  3:0] m_axi_arid,
    output logic [ 63:0] m_axi_araddr,
    output logic [  7:0] m_axi_arlen,
    output logic [  2:0] m_axi_arsize,
    output logic [  1:0] m_axi_arburst,
    output logic         m_axi_arvalid,
    input  wire          m_axi_arready,
    input  wire  [  3:0] m_axi_rid,
    input  wire  [511:0] m_axi_rdata,
    input  wire  [  1:0] m_axi_rresp,
    input  wire          m_axi_rlast,
    input  wire          m_axi_rvalid,
    output logic         m_axi_rready,
    output logic [sapulse_pkg::REG_INTERRUPT_STATUS_BITS-1:0] irq,
    output logic         event_received,
    output logic         event_arrived,
    output logic         event_decided,
    output logic         event_steered,
    output logic         event_steered_passes,
    output logic         event_parted,
    output logic         event_parted_taken,
    output logic         event_routed_exception,
    output logic         event_routed_ping,
    output logic         event_routed_echo,
    output logic         event_dispatched,
    output logic         event_opened,
    output logic         event_judged,
    output logic         event_judged_answered,
    output logic         event_sealing,
    output logic         event_chosen,
    output logic         event_chosen_echo,
    output logic         event_chosen_from_line,
    output logic         event_assembling,
    output logic         event_answer_sent,
    output logic         event_passed_sent
);

  wire rst = !aresetn;

  sapulse_core #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ(CLOCK_KHZ),
      .GIT_HASH(GIT_HASH)
  ) core (
      .aclk,
      .aresetn,
      .s_axis_line_tdata,
      .s_axis_line_tkeep,
      .s_axis_line_tlast,
      .s_axis_line_tuser,
      .s_axis_line_tvalid,
      .s_axis_line_tready,
      .m_axis_line_tdata,
      .m_axis_line_tkeep,
      .m_axis_line_tlast,
      .m_axis_line_tuser,
      .m_axis_line_tvalid,
      .m_axis_line_tready,
      .s_axis_core_tdata,
      .s_axis_core_tkeep,
      .s_axis_core_tlast,
      .s_axis_core_tuser,
      .s_axis_core_tvalid,
      .s_axis_core_tready,
      .m_axis_core_tdata,
      .m_axis_core_tkeep,
      .m_axis_core_tlast,
      .m_axis_core_tuser,
      .m_axis_core_tvalid,
      .m_axis_core_tready,
      .s_axil_awaddr,
      .s_axil_awvalid,
      .s_axil_awready,
      .s_axil_wdata,
      .s_axil_wstrb,
      .s_axil_wvalid,
      .s_axil_wready,
      .s_axil_bresp,
      .s_axil_bvalid,
      .s_axil_bready,
      .s_axil_araddr,
      .s_axil_arvalid,
      .s_axil_arready,
      .s_axil_rdata,
      .s_axil_rresp,
      .s_axil_rvalid,
      .s_axil_rready,
      .m_axi_awid,
      .m_axi_awaddr,
      .m_axi_awlen,
      .m_axi_awsize,
      .m_axi_awburst,
      .m_axi_awvalid,
      .m_axi_awready,
      .m_axi_wdata,
      .m_axi_wstrb,
      .m_axi_wlast,
      .m_axi_wvalid,
      .m_axi_wready,
      .m_axi_bid,
      .m_axi_bresp,
      .m_axi_bvalid,
      .m_axi_bready,
      .m_axi_arid,
      .m_axi_araddr,
      .m_axi_arlen,
      .m_axi_arsize,
      .m_axi_arburst,
      .m_axi_arvalid,
      .m_axi_arready,
      .m_axi_rid,
      .m_axi_rdata,
      .m_axi_rresp,
      .m_axi_rlast,
      .m_axi_rvalid,
      .m_axi_rready,
      .s_axil_awprot(3'b000),
      .s_axil_arprot(3'b000),
      // The memory model ignores these.
      // verilator lint_off PINCONNECTEMPTY
      .m_axi_awlock(),
      .m_axi_awcache(),
      .m_axi_awprot(),
      .m_axi_awqos(),
      .m_axi_awregion(),
      .m_axi_arlock(),
      .m_axi_arcache(),
      .m_axi_arprot(),
      .m_axi_arqos(),
      .m_axi_arregion(),
      // verilator lint_on PINCONNECTEMPTY
      .irq
  );

  axis_checker #(.BYTES(64)) line_rx (
      .clk(aclk),
      .rst,
      .tdata(s_axis_line_tdata),
      .tkeep(s_axis_line_tkeep),
      .tvalid(s_axis_line_tvalid),
      .tready(s_axis_line_tready),
      .tlast(s_axis_line_tlast),
      .tuser(s_axis_line_tuser)
  );

  axis_checker #(.BYTES(64)) line_tx (
      .clk(aclk),
      .rst,
      .tdata(m_axis_line_tdata),
      .tkeep(m_axis_line_tkeep),
      .tvalid(m_axis_line_tvalid),
      .tready(m_axis_line_tready),
      .tlast(m_axis_line_tlast),
      .tuser(m_axis_line_tuser)
  );

  axis_checker #(.BYTES(64)) core_rx (
      .clk(aclk),
      .rst,
      .tdata(s_axis_core_tdata),
      .tkeep(s_axis_core_tkeep),
      .tvalid(s_axis_core_tvalid),
      .tready(s_axis_core_tready),
      .tlast(s_axis_core_tlast),
      .tuser(s_axis_core_tuser)
  );

  axis_checker #(.BYTES(64)) core_tx (
      .clk(aclk),
      .rst,
      .tdata(m_axis_core_tdata),
      .tkeep(m_axis_core_tkeep),
      .tvalid(m_axis_core_tvalid),
      .tready(m_axis_core_tready),
      .tlast(m_axis_core_tlast),
      .tuser(m_axis_core_tuser)
  );

  axil_checker #(.ADDR_WIDTH(16)) registers (
      .clk(aclk),
      .rst,
      .awaddr(s_axil_awaddr),
      .awvalid(s_axil_awvalid),
      .awready(s_axil_awready),
      .wdata(s_axil_wdata),
      .wstrb(s_axil_wstrb),
      .wvalid(s_axil_wvalid),
      .wready(s_axil_wready),
      .bresp(s_axil_bresp),
      .bvalid(s_axil_bvalid),
      .bready(s_axil_bready),
      .araddr(s_axil_araddr),
      .arvalid(s_axil_arvalid),
      .arready(s_axil_arready),
      .rdata(s_axil_rdata),
      .rresp(s_axil_rresp),
      .rvalid(s_axil_rvalid),
      .rready(s_axil_rready)
  );

  axi_checker #(.ADDR_WIDTH(64), .BYTES(64), .ID_WIDTH(4)) memory (
      .clk(aclk),
      .rst,
      .awid(m_axi_awid),
      .awaddr(m_axi_awaddr),
      .awlen(m_axi_awlen),
      .awsize(m_axi_awsize),
      .awburst(m_axi_awburst),
      .awvalid(m_axi_awvalid),
      .awready(m_axi_awready),
      .wdata(m_axi_wdata),
      .wstrb(m_axi_wstrb),
      .wlast(m_axi_wlast),
      .wvalid(m_axi_wvalid),
      .wready(m_axi_wready),
      .bid(m_axi_bid),
      .bresp(m_axi_bresp),
      .bvalid(m_axi_bvalid),
      .bready(m_axi_bready),
      .arid(m_axi_arid),
      .araddr(m_axi_araddr),
      .arlen(m_axi_arlen),
      .arsize(m_axi_arsize),
      .arburst(m_axi_arburst),
      .arvalid(m_axi_arvalid),
      .arready(m_axi_arready),
      .rid(m_axi_rid),
      .rdata(m_axi_rdata),
      .rresp(m_axi_rresp),
      .rlast(m_axi_rlast),
      .rvalid(m_axi_rvalid),
      .rready(m_axi_rready)
  );

  frame_probe frames (
      .clk(aclk),
      .rst,
      .line_rx_fire(s_axis_line_tvalid && s_axis_line_tready),
      .line_rx_last(s_axis_line_tlast),
      .dispatch_fire(core.u_control.u_dispatch.beat_valid && core.u_control.u_dispatch.beat_ready),
      .dispatch_last(core.u_control.u_dispatch.beat_last),
      .plain_fire(core.u_control.u_ping.gated_valid && core.u_control.u_ping.gated_ready),
      .plain_last(core.u_control.u_ping.gated.last),
      .assembled_fire(core.u_control.u_answer.assembled_valid && core.u_control.u_answer.assembled_ready),
      .assembled_last(core.u_control.u_answer.assembled.last),
      .line_tx_fire(m_axis_line_tvalid && m_axis_line_tready),
      .line_tx_last(m_axis_line_tlast),
      .line_tx_answer(core.u_tx.line_source == core.u_tx.FROM_REPLY),
      .core_tx_fire(m_axis_core_tvalid && m_axis_core_tready),
      .core_tx_last(m_axis_core_tlast),
      .event_received,
      .event_arrived,
      .event_dispatched,
      .event_sealing,
      .event_assembling,
      .event_answer_sent,
      .event_passed_sent
  );
  assign event_decided = core.u_line.draft_valid;
  assign event_steered = core.u_line.decision_ready;
  assign event_steered_passes = core.u_line.decision.pass;
  assign event_parted = core.u_line.u_steer.end_of_frame;
  assign event_parted_taken = core.u_line.u_steer.taken;
  assign event_routed_exception = core.u_control.u_dispatch.exception_job_valid;
  assign event_routed_ping = core.u_control.u_dispatch.ping_valid;
  assign event_routed_echo = core.u_control.u_dispatch.echo_valid;
  assign event_opened = core.u_control.u_ping.u_verdicts.ask;
  assign event_judged = core.u_control.u_ping.u_gate.start;
  assign event_judged_answered = core.u_control.u_ping.u_gate.reply_job_valid;
  assign event_chosen = core.u_control.u_answer.u_mux.choose;
  assign event_chosen_echo = core.u_control.u_answer.u_mux.choice;
  assign event_chosen_from_line = core.u_control.u_answer.new_answer.from_line;

endmodule

`default_nettype wire
