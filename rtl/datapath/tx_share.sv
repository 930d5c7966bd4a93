// SPDX-License-Identifier: Apache-2.0
// How long a frame has waited for customer frames on line TX.
//
// share: bytes of them that may go ahead of it. passes: a beat of them passes in this cycle; bytes: of the one that is next.
// waits: a beat of the frame is there, and is not taken in this cycle.
// due: so many have passed, up to the cycle before. Means nothing without a frame.
`default_nettype none

module tx_share (
    input wire clk,
    input wire rst,

    input  wire [23:0] share,
    input  wire        passes,
    input  wire [6:0]  bytes,
    input  wire        waits,
    output logic       due
);

  // One less than what may still pass, so that its sign tells.
  logic [24:0] left;

  assign due = left[24];

  always_ff @(posedge clk) begin
    if (rst || !waits) left <= {1'b0, share} - 25'd1;
    else if (passes) left <= left - 25'(bytes);
  end

endmodule

`default_nettype wire
