// SPDX-License-Identifier: Apache-2.0
// All MACs of a card, as the two sides of the core see them. With two cages, cage 0 is the line and cage 1 the core side. With one
// cage both share it, told apart by VLAN.
//
// CAGES               1 or 2
// LINE_VID, CORE_VID  VLANs with one cage
// core_rst            synchronous to core_clk, at least 64 cycles
// gt_*                pins, four lanes a cage
// line_*, core_*      frames received (rx) and to be sent (tx), in core_clk
// axil                registers of the MACs, in core_clk
`default_nettype none

module card_macs #(
    parameter int unsigned CAGES = 2,
    parameter logic [11:0] LINE_VID = 12'd100,
    parameter logic [11:0] CORE_VID = 12'd200
) (
    input wire                 init_clk,
    input wire [CAGES-1:0]     gt_refclk_p, gt_refclk_n,
    input wire [4*CAGES-1:0]   gt_rxp, gt_rxn,
    output logic [4*CAGES-1:0] gt_txp, gt_txn,

    input wire          core_clk,
    input wire          core_rst,
    stream_if.source    line_rx,  // axis_beat, as the next three
    stream_if.sink      line_tx,
    stream_if.source    core_rx,
    stream_if.sink      core_tx,
    axil_if.subordinate axil
);

  if (CAGES != 1 && CAGES != 2) begin : g_cages
    $error("card_macs: CAGES must be 1 or 2");
  end

  stream_if #(sapulse_pkg::axis_beat) rx[CAGES] (), tx[CAGES] ();
  logic [CAGES-1:0] up;
  logic [CAGES-1:0][31:0] lost;
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
        .core_clk, .core_rst,
        .rx(rx[i]),
        .tx(tx[i]),
        .up(up[i]),
        .lost(lost[i])
    );
  end

  if (CAGES == 1) begin : g_one
    vlan_split #(
        .LINE_VID(LINE_VID),
        .CORE_VID(CORE_VID)
    ) u_split (
        .clk(core_clk),
        .rst(core_rst),
        .in(rx[0]),
        .line(line_rx),
        .core(core_rx),
        .foreign
    );
    vlan_join #(
        .LINE_VID(LINE_VID),
        .CORE_VID(CORE_VID)
    ) u_join (
        .clk(core_clk),
        .rst(core_rst),
        .line(line_tx),
        .core(core_tx),
        .out(tx[0])
    );
  end else begin : g_two
    assign line_rx.valid = rx[0].valid, line_rx.data = rx[0].data, rx[0].ready = line_rx.ready;
    assign core_rx.valid = rx[1].valid, core_rx.data = rx[1].data, rx[1].ready = core_rx.ready;
    assign tx[0].valid = line_tx.valid, tx[0].data = line_tx.data, line_tx.ready = tx[0].ready;
    assign tx[1].valid = core_tx.valid, tx[1].data = core_tx.data, core_tx.ready = tx[1].ready;
    assign foreign = 32'd0;
  end

  mac_registers #(
      .CAGES(CAGES),
      .LINE_VID(LINE_VID),
      .CORE_VID(CORE_VID)
  ) u_registers (
      .clk(core_clk),
      .rst(core_rst),
      .up, .lost, .foreign,
      .axil
  );

endmodule

`default_nettype wire
