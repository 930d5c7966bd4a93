// SPDX-License-Identifier: Apache-2.0
// The core as a user-managed RTL kernel for XRT: the names that Vitis expects for clock, reset and interrupt, parameters of this build.
//
// s_axil  registers of the core (64 KiB), then the kernel's own page: RESET (kernel_reset)
// The MACs are another kernel, which goes on when the core is reset: frames under way are cut off cleanly at the streams' gates.
`default_nettype none
`include "sapulse_build.svh"

module sapulse (
    input wire ap_clk,
    input wire ap_rst_n,

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

    input  wire  [ 16:0] s_axil_awaddr,
    input  wire  [  2:0] s_axil_awprot,
    input  wire          s_axil_awvalid,
    output logic         s_axil_awready,
    input  wire  [ 31:0] s_axil_wdata,
    input  wire  [  3:0] s_axil_wstrb,
    input  wire          s_axil_wvalid,
    output logic         s_axil_wready,
    output logic [  1:0] s_axil_bresp,
    output logic         s_axil_bvalid,
    input  wire          s_axil_bready,
    input  wire  [ 16:0] s_axil_araddr,
    input  wire  [  2:0] s_axil_arprot,
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
    output logic         m_axi_awlock,
    output logic [  3:0] m_axi_awcache,
    output logic [  2:0] m_axi_awprot,
    output logic [  3:0] m_axi_awqos,
    output logic [  3:0] m_axi_awregion,
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
    output logic         m_axi_arlock,
    output logic [  3:0] m_axi_arcache,
    output logic [  2:0] m_axi_arprot,
    output logic [  3:0] m_axi_arqos,
    output logic [  3:0] m_axi_arregion,
    output logic         m_axi_arvalid,
    input  wire          m_axi_arready,
    input  wire  [  3:0] m_axi_rid,
    input  wire  [511:0] m_axi_rdata,
    input  wire  [  1:0] m_axi_rresp,
    input  wire          m_axi_rlast,
    input  wire          m_axi_rvalid,
    output logic         m_axi_rready,

    /* verilator lint_off SYMRSVDWORD */
    output logic interrupt
    /* verilator lint_on SYMRSVDWORD */
);

  // Routes the reset over the chip.
  logic [2:0] reset_n;
  logic platform_rst, core_rst, core_aresetn, gates_closed;
  always_ff @(posedge ap_clk) reset_n <= {reset_n[1:0], ap_rst_n};
  assign platform_rst = !reset_n[2];
  always_ff @(posedge ap_clk) core_aresetn <= !core_rst;

  // Registers: core (a), RESET (b).
  logic [15:0] awaddr, araddr;
  logic [31:0] wdata;
  logic [3:0] wstrb;
  logic core_awvalid, core_awready, core_wvalid, core_wready, core_bvalid, core_bready, core_arvalid, core_arready, core_rvalid, core_rready;
  logic [1:0] core_bresp, core_rresp;
  logic [31:0] core_rdata;
  logic reset_awvalid, reset_awready, reset_wvalid, reset_wready, reset_bvalid, reset_bready, reset_arvalid, reset_arready, reset_rvalid, reset_rready;
  logic [1:0] reset_bresp, reset_rresp;
  logic [31:0] reset_rdata;

  axil_split u_axil_split (
      .clk(ap_clk),
      .rst(platform_rst),
      .s_awaddr(s_axil_awaddr),
      .s_awvalid(s_axil_awvalid),
      .s_awready(s_axil_awready),
      .s_wdata(s_axil_wdata),
      .s_wstrb(s_axil_wstrb),
      .s_wvalid(s_axil_wvalid),
      .s_wready(s_axil_wready),
      .s_bresp(s_axil_bresp),
      .s_bvalid(s_axil_bvalid),
      .s_bready(s_axil_bready),
      .s_araddr(s_axil_araddr),
      .s_arvalid(s_axil_arvalid),
      .s_arready(s_axil_arready),
      .s_rdata(s_axil_rdata),
      .s_rresp(s_axil_rresp),
      .s_rvalid(s_axil_rvalid),
      .s_rready(s_axil_rready),
      .awaddr,
      .wdata,
      .wstrb,
      .araddr,
      .a_awvalid(core_awvalid),
      .a_awready(core_awready),
      .a_wvalid(core_wvalid),
      .a_wready(core_wready),
      .a_bresp(core_bresp),
      .a_bvalid(core_bvalid),
      .a_bready(core_bready),
      .a_arvalid(core_arvalid),
      .a_arready(core_arready),
      .a_rdata(core_rdata),
      .a_rresp(core_rresp),
      .a_rvalid(core_rvalid),
      .a_rready(core_rready),
      .b_awvalid(reset_awvalid),
      .b_awready(reset_awready),
      .b_wvalid(reset_wvalid),
      .b_wready(reset_wready),
      .b_bresp(reset_bresp),
      .b_bvalid(reset_bvalid),
      .b_bready(reset_bready),
      .b_arvalid(reset_arvalid),
      .b_arready(reset_arready),
      .b_rdata(reset_rdata),
      .b_rresp(reset_rresp),
      .b_rvalid(reset_rvalid),
      .b_rready(reset_rready)
  );
  kernel_reset u_reset (
      .clk(ap_clk),
      .platform_rst,
      .core_rst,
      .closed(gates_closed),
      .s_axil_awaddr(awaddr),
      .s_axil_awvalid(reset_awvalid),
      .s_axil_awready(reset_awready),
      .s_axil_wdata(wdata),
      .s_axil_wstrb(wstrb),
      .s_axil_wvalid(reset_wvalid),
      .s_axil_wready(reset_wready),
      .s_axil_bresp(reset_bresp),
      .s_axil_bvalid(reset_bvalid),
      .s_axil_bready(reset_bready),
      .s_axil_araddr(araddr),
      .s_axil_arvalid(reset_arvalid),
      .s_axil_arready(reset_arready),
      .s_axil_rdata(reset_rdata),
      .s_axil_rresp(reset_rresp),
      .s_axil_rvalid(reset_rvalid),
      .s_axil_rready(reset_rready)
  );

  // Streams. What the core does not finish ends as a frame that is marked bad, which the MACs do not send.
  logic line_rx_valid, line_rx_ready, line_rx_last, line_rx_abort;
  logic line_tx_valid, line_tx_ready, line_tx_last, line_tx_bad, line_tx_abort;
  logic core_rx_valid, core_rx_ready, core_rx_last, core_rx_abort;
  logic core_tx_valid, core_tx_ready, core_tx_last, core_tx_bad, core_tx_abort;

  frame_gate u_line_rx_gate (
      .clk(ap_clk),
      .restart(platform_rst),
      .closed(gates_closed),
      .in_valid(s_axis_line_tvalid),
      .in_ready(s_axis_line_tready),
      .in_last(s_axis_line_tlast),
      .out_valid(line_rx_valid),
      .out_ready(line_rx_ready || line_rx_abort),
      .out_last(line_rx_last),
      .out_abort(line_rx_abort)
  );
  frame_gate u_line_tx_gate (
      .clk(ap_clk),
      .restart(gates_closed),
      .closed(platform_rst),
      .in_valid(line_tx_valid),
      .in_ready(line_tx_ready),
      .in_last(line_tx_last),
      .out_valid(m_axis_line_tvalid),
      .out_ready(m_axis_line_tready),
      .out_last(m_axis_line_tlast),
      .out_abort(line_tx_abort)
  );
  assign m_axis_line_tuser = line_tx_abort || line_tx_bad;

  frame_gate u_core_rx_gate (
      .clk(ap_clk),
      .restart(platform_rst),
      .closed(gates_closed),
      .in_valid(s_axis_core_tvalid),
      .in_ready(s_axis_core_tready),
      .in_last(s_axis_core_tlast),
      .out_valid(core_rx_valid),
      .out_ready(core_rx_ready || core_rx_abort),
      .out_last(core_rx_last),
      .out_abort(core_rx_abort)
  );
  frame_gate u_core_tx_gate (
      .clk(ap_clk),
      .restart(gates_closed),
      .closed(platform_rst),
      .in_valid(core_tx_valid),
      .in_ready(core_tx_ready),
      .in_last(core_tx_last),
      .out_valid(m_axis_core_tvalid),
      .out_ready(m_axis_core_tready),
      .out_last(m_axis_core_tlast),
      .out_abort(core_tx_abort)
  );
  assign m_axis_core_tuser = core_tx_abort || core_tx_bad;

  logic [sapulse_pkg::REG_INTERRUPT_STATUS_BITS-1:0] irq;
  always_ff @(posedge ap_clk) interrupt <= |irq;

  sapulse_core #(
      .SA_CAPACITY(`SAPULSE_BUILD_SA_CAPACITY),
      .CLOCK_KHZ(`SAPULSE_BUILD_CLOCK_KHZ),
      .GIT_HASH(`SAPULSE_BUILD_GIT_HASH)
  ) u_core (
      .aclk(ap_clk),
      .aresetn(core_aresetn),
      .s_axis_line_tdata,
      .s_axis_line_tkeep,
      .s_axis_line_tlast(line_rx_last),
      .s_axis_line_tuser,
      .s_axis_line_tvalid(line_rx_valid),
      .s_axis_line_tready(line_rx_ready),
      .m_axis_line_tdata,
      .m_axis_line_tkeep,
      .m_axis_line_tlast(line_tx_last),
      .m_axis_line_tuser(line_tx_bad),
      .m_axis_line_tvalid(line_tx_valid),
      .m_axis_line_tready(line_tx_ready),
      .s_axis_core_tdata,
      .s_axis_core_tkeep,
      .s_axis_core_tlast(core_rx_last),
      .s_axis_core_tuser,
      .s_axis_core_tvalid(core_rx_valid),
      .s_axis_core_tready(core_rx_ready),
      .m_axis_core_tdata,
      .m_axis_core_tkeep,
      .m_axis_core_tlast(core_tx_last),
      .m_axis_core_tuser(core_tx_bad),
      .m_axis_core_tvalid(core_tx_valid),
      .m_axis_core_tready(core_tx_ready),
      .s_axil_awaddr(awaddr),
      .s_axil_awprot,
      .s_axil_awvalid(core_awvalid),
      .s_axil_awready(core_awready),
      .s_axil_wdata(wdata),
      .s_axil_wstrb(wstrb),
      .s_axil_wvalid(core_wvalid),
      .s_axil_wready(core_wready),
      .s_axil_bresp(core_bresp),
      .s_axil_bvalid(core_bvalid),
      .s_axil_bready(core_bready),
      .s_axil_araddr(araddr),
      .s_axil_arprot,
      .s_axil_arvalid(core_arvalid),
      .s_axil_arready(core_arready),
      .s_axil_rdata(core_rdata),
      .s_axil_rresp(core_rresp),
      .s_axil_rvalid(core_rvalid),
      .s_axil_rready(core_rready),
      .m_axi_awid,
      .m_axi_awaddr,
      .m_axi_awlen,
      .m_axi_awsize,
      .m_axi_awburst,
      .m_axi_awlock,
      .m_axi_awcache,
      .m_axi_awprot,
      .m_axi_awqos,
      .m_axi_awregion,
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
      .m_axi_arlock,
      .m_axi_arcache,
      .m_axi_arprot,
      .m_axi_arqos,
      .m_axi_arregion,
      .m_axi_arvalid,
      .m_axi_arready,
      .m_axi_rid,
      .m_axi_rdata,
      .m_axi_rresp,
      .m_axi_rlast,
      .m_axi_rvalid,
      .m_axi_rready,
      .irq
  );

endmodule

`default_nettype wire
