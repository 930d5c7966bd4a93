// SPDX-License-Identifier: Apache-2.0
// Reset of a proof: in the first cycle, and whenever `restart` says so. first: this is the first cycle, in which what stays the
// same for the whole run is chosen.
`default_nettype none

module proof_reset (
    input  wire  clk,
    input  wire  restart,
    output logic rst,
    output logic first
);

  logic started = 1'b0;
  always_ff @(posedge clk) started <= 1'b1;
  assign first = !started;
  assign rst = first || restart;

endmodule

`default_nettype wire
