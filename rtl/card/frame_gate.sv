// SPDX-License-Identifier: Apache-2.0
// Keeps frames whole where the sides of a stream may restart on their own: no piece of a frame leaves without its beginning, and a
// frame whose rest does not come ends with an abort.
//
// restart    the source is in reset: what comes next begins a frame
// closed     frames are swallowed, from the beat under way to the end of the frame
// in_*       beats of the source; out_* the same beats, in the same cycle; out_abort takes the place of one last beat and stays until it is
//            taken
`default_nettype none

module frame_gate (
    input  wire  clk,
    input  wire  restart,
    input  wire  closed,
    input  wire  in_valid,
    output logic in_ready,
    input  wire  in_last,
    output logic out_valid,
    input  wire  out_ready,
    output logic out_last,
    output logic out_abort
);

  // The source is within a frame; the sink has its beginning; its end is owed as an abort.
  logic midway, sending, owed;
  logic pass, stop;

  assign stop = restart || closed;
  assign pass = !stop && !owed && (sending || !midway);
  assign out_abort = sending && (stop || owed);
  assign out_valid = out_abort || (in_valid && pass);
  assign out_last = out_abort || in_last;
  assign in_ready = pass ? out_ready : !restart && !owed;

  always_ff @(posedge clk) begin
    if (in_valid && in_ready) midway <= !in_last;
    if (restart) midway <= 1'b0;
    if (out_valid && out_ready) sending <= !out_last;
    owed <= out_abort && !out_ready;
  end

endmodule

`default_nettype wire
