// SPDX-License-Identifier: Apache-2.0
// card_macs with a stand-in for each port, since the vendor's MAC comes with its tools only: it gives back a cycle later what it
// was to send, marked as bad (tuser) by port 1 alone, has a link if it is port 1, and has lost 7 frames more than its number.
`default_nettype none
`include "sapulse_ports.svh"

module mac_port #(
    parameter int unsigned PORT = 0
) (
    input wire         init_clk,
    input wire         gt_refclk_p, gt_refclk_n,
    input wire [3:0]   gt_rxp, gt_rxn,
    output logic [3:0] gt_txp, gt_txn,

    input wire          core_clk,
    input wire          core_rst,
    stream_if.source    rx,
    stream_if.sink      tx,
    output logic        up,
    output logic [31:0] lost
);

  assign gt_txp = gt_rxp, gt_txn = gt_rxn;
  assign up = PORT == 1;
  assign lost = 32'(PORT) + 32'd7;
  assign tx.ready = !rx.valid || rx.ready;

  always_ff @(posedge core_clk) begin
    if (tx.ready) begin
      rx.valid <= tx.valid;
      rx.data <= tx.data;
      rx.data.user <= PORT == 1;
    end
    if (core_rst) rx.valid <= 1'b0;
  end

  wire unused = &{1'b0, init_clk, gt_refclk_p, gt_refclk_n};

endmodule

module card_macs_bench
  import sapulse_pkg::axis_beat;
#(
    parameter int unsigned CAGES = 2
) (
    input wire                 clk, rst,
    input wire [4*CAGES-1:0]   gt_rxp, gt_rxn,
    output logic [4*CAGES-1:0] gt_txp, gt_txn,

    input wire           line_tx_valid, core_tx_valid,
    input wire axis_beat line_tx_beat, core_tx_beat,
    output logic         line_tx_ready, core_tx_ready,
    input wire           line_rx_ready, core_rx_ready,
    output logic         line_rx_valid, core_rx_valid,
    output axis_beat     line_rx_beat, core_rx_beat,
    `SAPULSE_AXIL_SUBORDINATE_PORTS(s_axil, 16)
);

  stream_if #(axis_beat) line_rx (), line_tx (), core_rx (), core_tx ();
  assign line_tx.valid = line_tx_valid, line_tx.data = line_tx_beat, line_tx_ready = line_tx.ready;
  assign core_tx.valid = core_tx_valid, core_tx.data = core_tx_beat, core_tx_ready = core_tx.ready;
  assign line_rx_valid = line_rx.valid, line_rx_beat = line_rx.data, line_rx.ready = line_rx_ready;
  assign core_rx_valid = core_rx.valid, core_rx_beat = core_rx.data, core_rx.ready = core_rx_ready;
  axil_if axil ();
  `SAPULSE_AXIL_SUBORDINATE(s_axil, axil)

  card_macs #(
      .CAGES(CAGES)
  ) u_macs (
      .init_clk(clk),
      .gt_refclk_p('0),
      .gt_refclk_n('1),
      .gt_rxp, .gt_rxn, .gt_txp, .gt_txn,
      .core_clk(clk),
      .core_rst(rst),
      .line_rx, .line_tx, .core_rx, .core_tx,
      .axil
  );

endmodule

`default_nettype wire
