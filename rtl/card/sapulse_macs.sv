// SPDX-License-Identifier: Apache-2.0
// The MACs of a card as an RTL kernel for XRT, for the core's streams. m_axis_* is what was received.
//
// clk_gt_freerun   the platform's free running clock
// gt0_*, gt1_*     transceivers of the cages, four lanes each; the link step ties them to the platform. A card with one cage does
//                  not use gt1_*.
`default_nettype none
`include "sapulse_build.svh"
`include "sapulse_ports.svh"

module sapulse_macs (
    input wire ap_clk,
    input wire ap_rst_n,
    input wire clk_gt_freerun,

    input wire         gt0_refclk_p, gt0_refclk_n,
    input wire [3:0]   gt0_rxp, gt0_rxn,
    output logic [3:0] gt0_txp, gt0_txn,

    input wire         gt1_refclk_p, gt1_refclk_n,
    input wire [3:0]   gt1_rxp, gt1_rxn,
    output logic [3:0] gt1_txp, gt1_txn,

    `SAPULSE_AXIS_SOURCE_PORTS(m_axis_line),
    `SAPULSE_AXIS_SINK_PORTS(s_axis_line),
    `SAPULSE_AXIS_SOURCE_PORTS(m_axis_core),
    `SAPULSE_AXIS_SINK_PORTS(s_axis_core),
    `SAPULSE_AXIL_SUBORDINATE_PORTS(s_axil, 16)
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

  stream_if #(sapulse_pkg::axis_beat) line_rx (), line_tx (), core_rx (), core_tx ();
  axil_if axil ();
  `SAPULSE_AXIS_SOURCE(m_axis_line, line_rx)
  `SAPULSE_AXIS_SINK(s_axis_line, line_tx)
  `SAPULSE_AXIS_SOURCE(m_axis_core, core_rx)
  `SAPULSE_AXIS_SINK(s_axis_core, core_tx)
  `SAPULSE_AXIL_SUBORDINATE(s_axil, axil)

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
      .line_rx, .line_tx, .core_rx, .core_tx,
      .axil
  );

endmodule

`default_nettype wire
