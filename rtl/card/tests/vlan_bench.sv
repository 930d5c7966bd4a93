// SPDX-License-Identifier: Apache-2.0
// vlan_split and vlan_join of a card with one cage.
`default_nettype none

module vlan_bench (
    input wire clk,
    input wire rst,

    input  wire          rx_valid,
    output logic         rx_ready,
    input  wire  [577:0] rx_beat,
    output logic         line_rx_valid,
    input  wire          line_rx_ready,
    output logic [577:0] line_rx_beat,
    output logic         core_rx_valid,
    input  wire          core_rx_ready,
    output logic [577:0] core_rx_beat,
    output logic [ 31:0] foreign,

    input  wire          line_tx_valid,
    output logic         line_tx_ready,
    input  wire  [577:0] line_tx_beat,
    input  wire          core_tx_valid,
    output logic         core_tx_ready,
    input  wire  [577:0] core_tx_beat,
    output logic         tx_valid,
    input  wire          tx_ready,
    output logic [577:0] tx_beat
);

  vlan_split #(
      .LINE_VID(12'h123),
      .CORE_VID(12'habc)
  ) u_split (
      .clk,
      .rst,
      .in_valid(rx_valid),
      .in_ready(rx_ready),
      .in_beat(rx_beat),
      .line_valid(line_rx_valid),
      .line_ready(line_rx_ready),
      .line_beat(line_rx_beat),
      .core_valid(core_rx_valid),
      .core_ready(core_rx_ready),
      .core_beat(core_rx_beat),
      .foreign
  );
  vlan_join #(
      .LINE_VID(12'h123),
      .CORE_VID(12'habc)
  ) u_join (
      .clk,
      .rst,
      .line_valid(line_tx_valid),
      .line_ready(line_tx_ready),
      .line_beat(line_tx_beat),
      .core_valid(core_tx_valid),
      .core_ready(core_tx_ready),
      .core_beat(core_tx_beat),
      .out_valid(tx_valid),
      .out_ready(tx_ready),
      .out_beat(tx_beat)
  );

endmodule

`default_nettype wire
