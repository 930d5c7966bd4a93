// SPDX-License-Identifier: Apache-2.0
// The MACs of a card as an RTL kernel for XRT, for the core's streams. m_axis_* is what was received.
//
// clk_gt_freerun   the platform's free running clock
// gt0_*, gt1_*     transceivers of the cages, four lanes each; the link step ties them to the platform. A card with one cage does not
//                  use gt1_*.
`default_nettype none
`include "sapulse_build.svh"

module sapulse_macs (
    input wire ap_clk,
    input wire ap_rst_n,
    input wire clk_gt_freerun,

    input  wire        gt0_refclk_p,
    input  wire        gt0_refclk_n,
    input  wire  [3:0] gt0_rxp,
    input  wire  [3:0] gt0_rxn,
    output logic [3:0] gt0_txp,
    output logic [3:0] gt0_txn,

    input  wire        gt1_refclk_p,
    input  wire        gt1_refclk_n,
    input  wire  [3:0] gt1_rxp,
    input  wire  [3:0] gt1_rxn,
    output logic [3:0] gt1_txp,
    output logic [3:0] gt1_txn,

    output logic [511:0] m_axis_line_tdata,
    output logic [ 63:0] m_axis_line_tkeep,
    output logic         m_axis_line_tlast,
    output logic         m_axis_line_tuser,
    output logic         m_axis_line_tvalid,
    input  wire          m_axis_line_tready,
    input  wire  [511:0] s_axis_line_tdata,
    input  wire  [ 63:0] s_axis_line_tkeep,
    input  wire          s_axis_line_tlast,
    input  wire          s_axis_line_tuser,
    input  wire          s_axis_line_tvalid,
    output logic         s_axis_line_tready,
    output logic [511:0] m_axis_core_tdata,
    output logic [ 63:0] m_axis_core_tkeep,
    output logic         m_axis_core_tlast,
    output logic         m_axis_core_tuser,
    output logic         m_axis_core_tvalid,
    input  wire          m_axis_core_tready,
    input  wire  [511:0] s_axis_core_tdata,
    input  wire  [ 63:0] s_axis_core_tkeep,
    input  wire          s_axis_core_tlast,
    input  wire          s_axis_core_tuser,
    input  wire          s_axis_core_tvalid,
    output logic         s_axis_core_tready,

    input  wire  [ 15:0] s_axil_awaddr,
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
    input  wire  [ 15:0] s_axil_araddr,
    input  wire  [  2:0] s_axil_arprot,
    input  wire          s_axil_arvalid,
    output logic         s_axil_arready,
    output logic [ 31:0] s_axil_rdata,
    output logic [  1:0] s_axil_rresp,
    output logic         s_axil_rvalid,
    input  wire          s_axil_rready
);

  // The crossings want a reset of some length (crossing_reset), which the platform's may not have.
  logic rst;
  logic [6:0] reset_left;
  always_ff @(posedge ap_clk) begin
    if (!ap_rst_n) reset_left <= '1;
    else if (reset_left != '0) reset_left <= reset_left - 1'b1;
    rst <= !ap_rst_n || reset_left != '0;
  end

  localparam int unsigned CAGES = `SAPULSE_BUILD_CAGES;
  logic [1:0] refclk_p, refclk_n;
  logic [7:0] rxp, rxn, txp, txn;
  assign refclk_p = {gt1_refclk_p, gt0_refclk_p};
  assign refclk_n = {gt1_refclk_n, gt0_refclk_n};
  assign rxp = {gt1_rxp, gt0_rxp};
  assign rxn = {gt1_rxn, gt0_rxn};
  assign {gt1_txp, gt0_txp} = txp;
  assign {gt1_txn, gt0_txn} = txn;
  if (CAGES == 1) begin : g_one
    assign txp[7:4] = 4'd0;
    assign txn[7:4] = 4'd0;
    logic unused_cage;
    assign unused_cage = ^{refclk_p[1], refclk_n[1], rxp[7:4], rxn[7:4]};
  end

  card_macs #(
      .CAGES(CAGES),
      .LINE_VID(`SAPULSE_BUILD_LINE_VID),
      .CORE_VID(`SAPULSE_BUILD_CORE_VID)
  ) u_macs (
      .init_clk(clk_gt_freerun),
      .gt_refclk_p(refclk_p[CAGES-1:0]),
      .gt_refclk_n(refclk_n[CAGES-1:0]),
      .gt_rxp(rxp[4*CAGES-1:0]),
      .gt_rxn(rxn[4*CAGES-1:0]),
      .gt_txp(txp[4*CAGES-1:0]),
      .gt_txn(txn[4*CAGES-1:0]),
      .core_clk(ap_clk),
      .core_rst(rst),
      .line_rx_valid(m_axis_line_tvalid),
      .line_rx_ready(m_axis_line_tready),
      .line_rx_beat({m_axis_line_tuser, m_axis_line_tlast, m_axis_line_tkeep, m_axis_line_tdata}),
      .line_tx_valid(s_axis_line_tvalid),
      .line_tx_ready(s_axis_line_tready),
      .line_tx_beat({s_axis_line_tuser, s_axis_line_tlast, s_axis_line_tkeep, s_axis_line_tdata}),
      .core_rx_valid(m_axis_core_tvalid),
      .core_rx_ready(m_axis_core_tready),
      .core_rx_beat({m_axis_core_tuser, m_axis_core_tlast, m_axis_core_tkeep, m_axis_core_tdata}),
      .core_tx_valid(s_axis_core_tvalid),
      .core_tx_ready(s_axis_core_tready),
      .core_tx_beat({s_axis_core_tuser, s_axis_core_tlast, s_axis_core_tkeep, s_axis_core_tdata}),
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
      .s_axil_rready
  );

  // Registers are for everyone who can reach them.
  logic unused_prot;
  assign unused_prot = ^{s_axil_awprot, s_axil_arprot};

endmodule

`default_nettype wire
