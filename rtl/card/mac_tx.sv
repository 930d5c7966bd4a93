// SPDX-License-Identifier: Apache-2.0
// From the core to a MAC that cannot take gaps: a frame leaves once all of it is there. Frames that are marked bad (tuser) end here,
// and so do all frames while the link is down, so that a dead port does not stop the other one.
//
// DEPTH    beats, a power of two; no frame of the core is longer
// mac_rst  the MAC is in reset; mac_fifo_rst, core_fifo_rst: see crossing_reset
// up       the link is up, in mac_clk
// beats    {tuser, tlast, tkeep, tdata}
`default_nettype none
`include "sapulse_assert.svh"

module mac_tx #(
    parameter int unsigned DEPTH = 512
) (
    input  wire          core_clk,
    input  wire          core_fifo_rst,
    input  wire          in_valid,
    output logic         in_ready,
    input  wire  [577:0] in_beat,

    input  wire          mac_clk,
    input  wire          mac_rst,
    input  wire          mac_fifo_rst,
    input  wire          up,
    output logic         out_valid,
    input  wire          out_ready,
    output logic [577:0] out_beat
);

  logic beat_valid, beat_ready, gate_valid, gate_last, gate_abort, fifo_ready, overflow, frame_last;
  logic [577:0] beat;
  logic [575:0] frame_data;

  async_fifo #(
      .WIDTH(578)
  ) u_crossing (
      .in_clk(core_clk),
      .in_rst(core_fifo_rst),
      .in_valid,
      .in_ready,
      .in_data(in_beat),
      .out_clk(mac_clk),
      .out_rst(mac_fifo_rst),
      .out_valid(beat_valid),
      .out_ready(beat_ready),
      .out_data(beat)
  );

  frame_gate u_gate (
      .clk(mac_clk),
      .restart(mac_fifo_rst),
      .closed(mac_rst || !up),
      .in_valid(beat_valid),
      .in_ready(beat_ready),
      .in_last(beat[576]),
      .out_valid(gate_valid),
      .out_ready(fifo_ready || gate_abort),
      .out_last(gate_last),
      .out_abort(gate_abort)
  );

  // Not reset together with the core: a frame that the MAC has begun goes on to its end.
  frame_fifo #(
      .WIDTH(576),
      .DEPTH(DEPTH)
  ) u_frames (
      .clk(mac_clk),
      .rst(mac_rst),
      .in_valid(gate_valid && (fifo_ready || gate_abort)),
      .in_ready(fifo_ready),
      .in_data(beat[575:0]),
      .in_last(gate_last),
      .in_drop(gate_abort || beat[577]),
      .in_overflow(overflow),
      .out_valid,
      .out_ready,
      .out_data(frame_data),
      .out_last(frame_last)
  );
  assign out_beat = {1'b0, frame_last, frame_data};

  `SAPULSE_ASSERT(mac_clk, mac_rst, !gate_valid || gate_abort || !fifo_ready || !overflow, "mac_tx: a beat is lost")

endmodule

`default_nettype wire
