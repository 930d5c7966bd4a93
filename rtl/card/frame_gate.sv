// SPDX-License-Identifier: Apache-2.0
// Keeps frames whole where the sides of a stream may restart on their own: no piece of a frame leaves without its beginning, and a
// frame whose rest does not come ends with an abort.
//
// T            a beat with what goes with it; ends with an axis_beat
// ABORT_WAITS  an abort stays on offer until it is taken; 0: the sink takes it at once, ready or not
//
// restart  the source is in reset: what comes next begins a frame
// closed   frames are swallowed, from the beat under way to the end of the frame
// out      the beats of in, in the same cycle; an abort takes the place of one last beat and is marked bad
// abort    this beat is one
`default_nettype none

module frame_gate #(
    parameter type T = sapulse_pkg::axis_beat,
    parameter bit ABORT_WAITS = 1'b1
) (
    input wire clk,
    input wire restart,
    input wire closed,

    stream_if.sink   in,  // T
    stream_if.source out, // T
    output logic     abort
);

  // The source is within a frame; the sink has its beginning; its end is owed as an abort.
  logic midway, sending, owed;
  logic pass, stop, taken;

  // Of a beat that an abort takes the place of, the bits that differ from it.
  /* verilator lint_off UNUSEDSIGNAL */  // but for its end, it does not matter here what a beat is
  sapulse_pkg::axis_beat beat, changed;
  /* verilator lint_on UNUSEDSIGNAL */
  assign beat = sapulse_pkg::axis_beat'(in.data);
  always_comb begin
    changed = '0;
    changed.last = abort && !beat.last;
    changed.user = abort && !beat.user;
  end

  assign stop = restart || closed;
  assign pass = !stop && !owed && (sending || !midway);
  assign abort = sending && (stop || owed);
  assign out.valid = abort || (in.valid && pass);
  assign taken = out.valid && (out.ready || (abort && !ABORT_WAITS));
  assign in.ready = pass ? out.ready : !restart && !owed;
  assign out.data = in.data ^ $bits(T)'(changed);

  always_ff @(posedge clk) begin
    if (in.valid && in.ready) midway <= !beat.last;
    if (restart) midway <= 1'b0;
    if (taken) sending <= !(beat.last || abort);
    owed <= abort && !taken;
  end

endmodule

`default_nettype wire
