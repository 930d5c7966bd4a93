// SPDX-License-Identifier: Apache-2.0
// Keeps frames whole where the sides of a stream may restart on their own: no piece of a frame leaves without its beginning, and a
// frame whose rest does not come ends with an abort.
//
// ABORT_WAITS  an abort stays on offer until it is taken; 0: the sink takes it at once, ready or not
//
// restart  the source is in reset: what comes next begins a frame
// closed   frames are swallowed, from the beat under way to the end of the frame
// out      the beats of in, in the same cycle; an abort takes the place of one last beat and is marked bad
// abort    this beat is one
`default_nettype none

module frame_gate #(
    parameter bit ABORT_WAITS = 1'b1
) (
    input wire clk,
    input wire restart,
    input wire closed,

    stream_if.sink   in,  // axis_beat
    stream_if.source out, // axis_beat
    output logic     abort
);

  // The source is within a frame; the sink has its beginning; its end is owed as an abort.
  logic midway, sending, owed;
  logic pass, stop, taken;

  assign stop = restart || closed;
  assign pass = !stop && !owed && (sending || !midway);
  assign abort = sending && (stop || owed);
  assign out.valid = abort || (in.valid && pass);
  assign taken = out.valid && (out.ready || (abort && !ABORT_WAITS));
  assign in.ready = pass ? out.ready : !restart && !owed;
  always_comb begin
    out.data = in.data;
    out.data.last = abort || in.data.last;
    out.data.user = abort || in.data.user;
  end

  always_ff @(posedge clk) begin
    if (in.valid && in.ready) midway <= !in.data.last;
    if (restart) midway <= 1'b0;
    if (taken) sending <= !out.data.last;
    owed <= abort && !taken;
  end

endmodule

`default_nettype wire
