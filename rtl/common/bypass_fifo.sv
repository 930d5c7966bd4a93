// SPDX-License-Identifier: Apache-2.0
// sync_fifo of distributed RAM through which a word passes in the cycle in which it comes, if none waits.
//
// DEPTH, SECRETS, HEAD_BITS, fault: see sync_fifo. out depends on in of the same cycle; in.ready does not depend on out.ready.
`default_nettype none

module bypass_fifo #(
    parameter int unsigned DEPTH = 16,
    parameter bit SECRETS = 1'b0,
    parameter int unsigned HEAD_BITS = 0
) (
    input wire clk,
    input wire rst,

    stream_if.sink   in,
    stream_if.source out,
    output logic     fault
);

  stream_if #(logic [in.WIDTH-1:0]) late (), waiting ();

  assign in.ready = late.ready;
  assign out.valid = waiting.valid || in.valid;  // while none waits, there is room
  assign out.data = waiting.valid ? waiting.data : in.data;

  assign late.valid = in.valid && (waiting.valid || !out.ready);
  assign late.data = in.data;
  assign waiting.ready = out.ready;
  sync_fifo #(.DEPTH(DEPTH), .SECRETS(SECRETS), .HEAD_BITS(HEAD_BITS)) u_fifo (.clk, .rst, .in(late), .out(waiting), .fault);

endmodule

`default_nettype wire
