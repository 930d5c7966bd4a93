// SPDX-License-Identifier: Apache-2.0
// All MACs of a card, as the two sides of the core see them. With two cages, cage 0 is the line and cage 1 the core side. With one cage
// both share it, told apart by VLAN.
//
// CAGES               1 or 2
// LINE_VID, CORE_VID  VLANs with one cage
// core_rst            synchronous to core_clk, at least 64 cycles
// gt_*                pins, four lanes a cage
// beats               {tuser, tlast, tkeep, tdata}, in core_clk
// s_axil_*            registers of the MACs, in core_clk
`default_nettype none

module card_macs #(
    parameter int unsigned CAGES = 2,
    parameter logic [11:0] LINE_VID = 12'd100,
    parameter logic [11:0] CORE_VID = 12'd200
) (
    input  wire                init_clk,
    input  wire  [  CAGES-1:0] gt_refclk_p,
    input  wire  [  CAGES-1:0] gt_refclk_n,
    input  wire  [4*CAGES-1:0] gt_rxp,
    input  wire  [4*CAGES-1:0] gt_rxn,
    output logic [4*CAGES-1:0] gt_txp,
    output logic [4*CAGES-1:0] gt_txn,

    input wire core_clk,
    input wire core_rst,

    output logic         line_rx_valid,
    input  wire          line_rx_ready,
    output logic [577:0] line_rx_beat,
    input  wire          line_tx_valid,
    output logic         line_tx_ready,
    input  wire  [577:0] line_tx_beat,
    output logic         core_rx_valid,
    input  wire          core_rx_ready,
    output logic [577:0] core_rx_beat,
    input  wire          core_tx_valid,
    output logic         core_tx_ready,
    input  wire  [577:0] core_tx_beat,

    input  wire  [15:0] s_axil_awaddr,
    input  wire         s_axil_awvalid,
    output logic        s_axil_awready,
    input  wire  [31:0] s_axil_wdata,
    input  wire  [ 3:0] s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output logic        s_axil_wready,
    output logic [ 1:0] s_axil_bresp,
    output logic        s_axil_bvalid,
    input  wire         s_axil_bready,
    input  wire  [15:0] s_axil_araddr,
    input  wire         s_axil_arvalid,
    output logic        s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [ 1:0] s_axil_rresp,
    output logic        s_axil_rvalid,
    input  wire         s_axil_rready
);

  if (CAGES != 1 && CAGES != 2) begin : g_cages
    $error("card_macs: CAGES must be 1 or 2");
  end

  logic [CAGES-1:0] rx_valid, rx_ready, tx_valid, tx_ready, up;
  logic [578*CAGES-1:0] rx_beat, tx_beat;
  logic [32*CAGES-1:0] lost;
  logic [31:0] foreign;

  for (genvar i = 0; i < CAGES; i = i + 1) begin : g_port
    mac_port #(
        .PORT(i)
    ) u_port (
        .init_clk,
        .gt_refclk_p(gt_refclk_p[i]),
        .gt_refclk_n(gt_refclk_n[i]),
        .gt_rxp(gt_rxp[4*i+:4]),
        .gt_rxn(gt_rxn[4*i+:4]),
        .gt_txp(gt_txp[4*i+:4]),
        .gt_txn(gt_txn[4*i+:4]),
        .core_clk,
        .core_rst,
        .rx_valid(rx_valid[i]),
        .rx_ready(rx_ready[i]),
        .rx_beat(rx_beat[578*i+:578]),
        .tx_valid(tx_valid[i]),
        .tx_ready(tx_ready[i]),
        .tx_beat(tx_beat[578*i+:578]),
        .up(up[i]),
        .lost(lost[32*i+:32])
    );
  end

  if (CAGES == 1) begin : g_one
    vlan_split #(
        .LINE_VID(LINE_VID),
        .CORE_VID(CORE_VID)
    ) u_split (
        .clk(core_clk),
        .rst(core_rst),
        .in_valid(rx_valid[0]),
        .in_ready(rx_ready[0]),
        .in_beat(rx_beat[577:0]),
        .line_valid(line_rx_valid),
        .line_ready(line_rx_ready),
        .line_beat(line_rx_beat),
        .core_valid(core_rx_valid),
        .core_ready(core_rx_ready),
        .core_beat(core_rx_beat),
        .foreign
    );
    vlan_join #(
        .LINE_VID(LINE_VID),
        .CORE_VID(CORE_VID)
    ) u_join (
        .clk(core_clk),
        .rst(core_rst),
        .line_valid(line_tx_valid),
        .line_ready(line_tx_ready),
        .line_beat(line_tx_beat),
        .core_valid(core_tx_valid),
        .core_ready(core_tx_ready),
        .core_beat(core_tx_beat),
        .out_valid(tx_valid[0]),
        .out_ready(tx_ready[0]),
        .out_beat(tx_beat[577:0])
    );
  end else begin : g_two
    assign {core_rx_valid, line_rx_valid} = rx_valid;
    assign {core_rx_beat, line_rx_beat} = rx_beat;
    assign rx_ready = {core_rx_ready, line_rx_ready};
    assign tx_valid = {core_tx_valid, line_tx_valid};
    assign tx_beat = {core_tx_beat, line_tx_beat};
    assign {core_tx_ready, line_tx_ready} = tx_ready;
    assign foreign = 32'd0;
  end

  mac_registers #(
      .CAGES(CAGES),
      .LINE_VID(LINE_VID),
      .CORE_VID(CORE_VID)
  ) u_registers (
      .clk(core_clk),
      .rst(core_rst),
      .up(2'(up)),
      .lost(64'(lost)),
      .foreign,
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

endmodule

`default_nettype wire
