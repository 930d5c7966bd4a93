// SPDX-License-Identifier: Apache-2.0
// One 100G port: the vendor's MAC with its transceivers, its start, and the way of frames between its clock and the core's.
//
// PORT       which of the card's MACs: chooses the vendor's IP, which is generated for one place
// core_rst   synchronous to core_clk
// init_clk   free running, for the transceivers' reset; gt_*: pins
// rx, tx     frames received and to be sent, in core_clk
// up, lost   link, and frames lost on reception; in core_clk
`default_nettype none

module mac_port #(
    parameter int unsigned PORT = 0
) (
    input wire         init_clk,
    input wire         gt_refclk_p, gt_refclk_n,
    input wire [3:0]   gt_rxp, gt_rxn,
    output logic [3:0] gt_txp, gt_txn,

    input wire          core_clk,
    input wire          core_rst,
    stream_if.source    rx,  // axis_beat
    stream_if.sink      tx,  // axis_beat
    output logic        up,
    output logic [31:0] lost
);

  logic mac_clk, rx_rst, tx_rst, mac_rst, aligned, rx_enable, tx_enable, send_rfi, mac_up, mac_fifo_rst, core_fifo_rst;
  stream_if #(sapulse_pkg::axis_beat) mac_rx (), mac_tx ();
  logic [31:0] mac_lost;

  cmac #(
      .PORT(PORT)
  ) u_cmac (
      .init_clk,
      .gt_refclk_p, .gt_refclk_n, .gt_rxp, .gt_rxn, .gt_txp, .gt_txn,
      .clk(mac_clk),
      .rx_rst, .tx_rst, .rx_enable, .tx_enable, .send_rfi, .aligned,
      .rx(mac_rx),
      .tx(mac_tx)
  );

  // The MAC's resets come from its transceivers.
  reset_synchronizer u_mac_rst (.clk(mac_clk), .async_rst(rx_rst || tx_rst), .rst(mac_rst));
  crossing_reset u_crossing_rst (
      .a_clk(core_clk),
      .a_request(core_rst),
      .a_rst(core_fifo_rst),
      .b_clk(mac_clk),
      .b_request(1'b0),
      .b_rst(mac_fifo_rst)
  );

  mac_bringup u_bringup (
      .clk(mac_clk),
      .rst(mac_rst),
      .aligned, .rx_enable, .tx_enable, .send_rfi,
      .up(mac_up)
  );

  mac_rx u_rx (
      .mac_clk, .mac_rst, .mac_fifo_rst,
      .in(mac_rx),
      .lost(mac_lost),
      .core_clk, .core_fifo_rst,
      .out(rx)
  );
  mac_tx u_tx (
      .core_clk, .core_fifo_rst,
      .in(tx),
      .mac_clk, .mac_rst, .mac_fifo_rst,
      .up(mac_up),
      .out(mac_tx)
  );

  bit_synchronizer u_up (.clk(core_clk), .in(mac_up), .out(up));
  gray_crossing #(
      .WIDTH(32)
  ) u_lost (
      .in_clk(mac_clk),
      .in_rst(mac_fifo_rst),
      .in(mac_lost),
      .out_clk(core_clk),
      .out(lost)
  );

endmodule

`default_nettype wire
