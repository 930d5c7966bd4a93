// SPDX-License-Identifier: Apache-2.0
// vlan_split and vlan_join of a card with one cage.
`default_nettype none

module vlan_bench
  import sapulse_pkg::axis_beat;
(
    input wire clk, rst,

    input wire           rx_valid, line_rx_ready, core_rx_ready,
    input wire axis_beat rx_beat,
    output logic         rx_ready, line_rx_valid, core_rx_valid,
    output axis_beat     line_rx_beat, core_rx_beat,
    output logic [31:0]  foreign,

    input wire           line_tx_valid, core_tx_valid, tx_ready,
    input wire axis_beat line_tx_beat, core_tx_beat,
    output logic         line_tx_ready, core_tx_ready, tx_valid,
    output axis_beat     tx_beat
);

  stream_if #(axis_beat) rx (), line_rx (), core_rx (), line_tx (), core_tx (), tx ();
  assign rx.valid = rx_valid, rx.data = rx_beat, rx_ready = rx.ready;
  assign line_rx_valid = line_rx.valid, line_rx_beat = line_rx.data, line_rx.ready = line_rx_ready;
  assign core_rx_valid = core_rx.valid, core_rx_beat = core_rx.data, core_rx.ready = core_rx_ready;
  assign line_tx.valid = line_tx_valid, line_tx.data = line_tx_beat, line_tx_ready = line_tx.ready;
  assign core_tx.valid = core_tx_valid, core_tx.data = core_tx_beat, core_tx_ready = core_tx.ready;
  assign tx_valid = tx.valid, tx_beat = tx.data, tx.ready = tx_ready;

  vlan_split #(
      .LINE_VID(12'h123),
      .CORE_VID(12'habc)
  ) u_split (
      .clk, .rst,
      .in(rx),
      .line(line_rx),
      .core(core_rx),
      .foreign
  );
  vlan_join #(
      .LINE_VID(12'h123),
      .CORE_VID(12'habc)
  ) u_join (
      .clk, .rst,
      .line(line_tx),
      .core(core_tx),
      .out(tx)
  );

endmodule

`default_nettype wire
