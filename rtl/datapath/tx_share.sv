// SPDX-License-Identifier: Apache-2.0
// How long a frame has waited for customer frames on line TX.
//
// share: bytes of them that may go ahead of it. passing: bytes of them that pass in this cycle. waits: a beat of it is
// there, and is not taken in this cycle.
// due: so many have passed, up to the cycle before. Means nothing without a frame.
`default_nettype none

module tx_share (
    input wire clk,
    input wire rst,

    input  wire [23:0] share,
    input  wire [6:0]  passing,
    input  wire        waits,
    output logic       due
);

  // One less than what may still pass, so that its sign tells.
  logic [24:0] left;

  assign due = left[24];

  always_ff @(posedge clk) begin
    if (rst || !waits) left <= {1'b0, share} - 25'd1;
    else left <= left - 25'(passing);
  end

endmodule

`default_nettype wire
