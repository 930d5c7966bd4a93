// SPDX-License-Identifier: Apache-2.0
// From a MAC that cannot wait to the core: a frame that does not fit is lost whole and counted.
//
// DEPTH    beats that wait while the core does not take them, a power of two; longer frames are lost
// mac_rst  the MAC is in reset; mac_fifo_rst, core_fifo_rst: see crossing_reset
// beats    {tuser, tlast, tkeep, tdata}; tuser marks frames that the MAC has found bad: they go on, marked
// lost     frames lost so far, modulo 2^32, in mac_clk
`default_nettype none

module mac_rx #(
    parameter int unsigned DEPTH = 512
) (
    input wire         mac_clk,
    input wire         mac_rst,
    input wire         mac_fifo_rst,
    input wire         in_valid,
    input wire [577:0] in_beat,

    output logic [31:0] lost,

    input  wire          core_clk,
    input  wire          core_fifo_rst,
    output logic         out_valid,
    input  wire          out_ready,
    output logic [577:0] out_beat
);

  logic gate_ready, gate_valid, gate_last, gate_abort, fifo_ready, overflow;
  logic frame_valid, frame_ready, frame_last;
  logic [576:0] frame_data;
  logic unused_ready;

  frame_gate u_gate (
      .clk(mac_clk),
      .restart(mac_rst),
      .closed(mac_fifo_rst),
      .in_valid,
      .in_ready(gate_ready),
      .in_last(in_beat[576]),
      .out_valid(gate_valid),
      .out_ready(1'b1),
      .out_last(gate_last),
      .out_abort(gate_abort)
  );

  frame_fifo #(
      .WIDTH(577),
      .DEPTH(DEPTH)
  ) u_frames (
      .clk(mac_clk),
      .rst(mac_fifo_rst),
      .in_valid(gate_valid),
      .in_ready(fifo_ready),
      .in_data({in_beat[577], in_beat[575:0]}),
      .in_last(gate_last),
      .in_drop(gate_abort),
      .in_overflow(overflow),
      .out_valid(frame_valid),
      .out_ready(frame_ready),
      .out_data(frame_data),
      .out_last(frame_last)
  );

  always_ff @(posedge mac_clk) begin
    if (gate_valid && gate_last && (overflow || gate_abort)) lost <= lost + 32'd1;
    if (mac_fifo_rst) lost <= 32'd0;
  end

  async_fifo #(
      .WIDTH(578)
  ) u_crossing (
      .in_clk(mac_clk),
      .in_rst(mac_fifo_rst),
      .in_valid(frame_valid),
      .in_ready(frame_ready),
      .in_data({frame_data[576], frame_last, frame_data[575:0]}),
      .out_clk(core_clk),
      .out_rst(core_fifo_rst),
      .out_valid,
      .out_ready,
      .out_data(out_beat)
  );

  // The MAC does not wait, so neither is looked at.
  assign unused_ready = gate_ready ^ fifo_ready;

endmodule

`default_nettype wire
