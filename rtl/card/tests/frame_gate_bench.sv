// SPDX-License-Identifier: Apache-2.0
// frame_gate, of whose beats the test sees the ends alone.
`default_nettype none
`include "sapulse_assert.svh"

module frame_gate_bench #(
    parameter bit ABORT_WAITS = 1'b1
) (
    input wire   clk, restart, closed,
    input wire   in_valid, in_last,
    output logic in_ready,
    output logic out_valid, out_last, out_abort,
    input wire   out_ready
);

  stream_if #(sapulse_pkg::axis_beat) in (), out ();
  assign in.valid = in_valid, in_ready = in.ready;
  assign in.data = '{user: 1'b0, last: in_last, keep: '1, data: '0};
  assign out_valid = out.valid, out_last = out.data.last, out.ready = out_ready;

  frame_gate #(.ABORT_WAITS(ABORT_WAITS)) u_gate (.clk, .restart, .closed, .in, .out, .abort(out_abort));

  `SAPULSE_ASSERT(clk, restart, !out.valid || out.data.user == out_abort,
                  "frame_gate_bench: an abort is not marked bad, or a beat is")

endmodule

`default_nettype wire
