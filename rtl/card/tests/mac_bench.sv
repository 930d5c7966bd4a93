// SPDX-License-Identifier: Apache-2.0
// mac_rx and mac_tx with the resets of mac_port, between the clock of a MAC and that of the core.
`default_nettype none

module mac_bench
  import sapulse_pkg::axis_beat;
(
    input wire mac_clk, mac_rst, core_clk, core_rst, up,

    input wire           rx_valid,
    input wire axis_beat rx_beat,
    output logic [31:0]  lost,
    output logic         core_rx_valid,
    input wire           core_rx_ready,
    output axis_beat     core_rx_beat,

    input wire           core_tx_valid,
    output logic         core_tx_ready,
    input wire axis_beat core_tx_beat,
    output logic         tx_valid,
    input wire           tx_ready,
    output axis_beat     tx_beat
);

  stream_if #(axis_beat) rx (), core_rx (), core_tx (), tx ();
  assign rx.valid = rx_valid, rx.data = rx_beat;
  assign core_rx_valid = core_rx.valid, core_rx_beat = core_rx.data, core_rx.ready = core_rx_ready;
  assign core_tx.valid = core_tx_valid, core_tx.data = core_tx_beat, core_tx_ready = core_tx.ready;
  assign tx_valid = tx.valid, tx_beat = tx.data, tx.ready = tx_ready;

  logic mac_fifo_rst, core_fifo_rst;

  crossing_reset u_rst (
      .a_clk(core_clk),
      .a_request(core_rst),
      .a_rst(core_fifo_rst),
      .b_clk(mac_clk),
      .b_request(1'b0),
      .b_rst(mac_fifo_rst)
  );
  mac_rx #(
      .DEPTH(16)
  ) u_rx (
      .mac_clk, .mac_rst, .mac_fifo_rst,
      .in(rx),
      .lost,
      .core_clk, .core_fifo_rst,
      .out(core_rx)
  );
  mac_tx #(
      .DEPTH(16)
  ) u_tx (
      .core_clk, .core_fifo_rst,
      .in(core_tx),
      .mac_clk, .mac_rst, .mac_fifo_rst, .up,
      .out(tx)
  );

endmodule

`default_nettype wire
