// SPDX-License-Identifier: Apache-2.0
// Tells the length of each frame, and whether it is bad, two cycles after its last beat.
//
// DEPTH: frames whose measure has not been taken, a power of two.
// valid, beat: beats of frames, without waiting. measure: one a frame, in order.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module frame_measure #(
    parameter int unsigned DEPTH = 64
) (
    input wire clk,
    input wire rst,

    input wire valid,
    /* verilator lint_off UNUSEDSIGNAL */  // what is in a frame does not matter here
    input sapulse_pkg::axis_beat beat,
    /* verilator lint_on UNUSEDSIGNAL */

    stream_if.source measure,  // measure_t

    output logic fifo_fault
);

  localparam int unsigned BEAT_W = $clog2(sapulse_pkg::BEAT_BYTES);
  localparam int unsigned BEATS_W = 16 - BEAT_W;  // frames of up to 64 KiB; longer ones saturate

  // Bytes of the beat.
  logic counted_valid, last, bad;
  logic [6:0] bytes;

  always_ff @(posedge clk) begin
    counted_valid <= valid && !rst;
    bytes <= datapath_pkg::keep_count(beat.keep);
    last <= beat.last;
    bad <= beat.user;
  end

  // Beats of the frame before this one.
  logic [BEATS_W-1:0] full_beats;
  stream_if #(datapath_pkg::measure_t) measured ();

  always_ff @(posedge clk) begin
    if (counted_valid) begin
      if (last) full_beats <= '0;
      else if (!(&full_beats)) full_beats <= full_beats + 1'b1;
    end
    if (rst) full_beats <= '0;
  end

  assign measured.valid = counted_valid && last;
  assign measured.data.bad = bad;
  always_comb begin
    if (&full_beats) measured.data.length = '1;
    else if (bytes[BEAT_W]) measured.data.length = {full_beats + 1'b1, BEAT_W'(0)};
    else measured.data.length = {full_beats, bytes[BEAT_W-1:0]};
  end
  sync_fifo #(.DEPTH(DEPTH)) u_measures (.clk, .rst, .in(measured), .out(measure), .fault(fifo_fault));

  `SAPULSE_ASSERT(clk, rst, !measured.valid || measured.ready, "frame_measure: more frames than DEPTH")

endmodule

`default_nettype wire
