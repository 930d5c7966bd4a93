// SPDX-License-Identifier: Apache-2.0
// mac_rx and mac_tx with the resets of mac_port, between the clock of a MAC and that of the core.
`default_nettype none

module mac_bench (
    input wire mac_clk,
    input wire mac_rst,
    input wire core_clk,
    input wire core_rst,
    input wire up,

    input  wire          rx_valid,
    input  wire  [577:0] rx_beat,
    output logic [ 31:0] lost,
    output logic         core_rx_valid,
    input  wire          core_rx_ready,
    output logic [577:0] core_rx_beat,

    input  wire          core_tx_valid,
    output logic         core_tx_ready,
    input  wire  [577:0] core_tx_beat,
    output logic         tx_valid,
    input  wire          tx_ready,
    output logic [577:0] tx_beat
);

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
      .mac_clk,
      .mac_rst,
      .mac_fifo_rst,
      .in_valid(rx_valid),
      .in_beat(rx_beat),
      .lost,
      .core_clk,
      .core_fifo_rst,
      .out_valid(core_rx_valid),
      .out_ready(core_rx_ready),
      .out_beat(core_rx_beat)
  );
  mac_tx #(
      .DEPTH(16)
  ) u_tx (
      .core_clk,
      .core_fifo_rst,
      .in_valid(core_tx_valid),
      .in_ready(core_tx_ready),
      .in_beat(core_tx_beat),
      .mac_clk,
      .mac_rst,
      .mac_fifo_rst,
      .up,
      .out_valid(tx_valid),
      .out_ready(tx_ready),
      .out_beat(tx_beat)
  );

endmodule

`default_nettype wire
