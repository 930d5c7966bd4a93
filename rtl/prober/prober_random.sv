// SPDX-License-Identifier: Apache-2.0
// Random numbers that spread probes in time; a new one every cycle. Nothing secret depends on them.
//
// Marsaglia's xorshift on 64 bits (13, 7, 17), period 2^64 - 1. It runs freely, so what a probe gets depends on the cycle it is
// drawn in.
`default_nettype none

module prober_random (
    input wire                                 clk,
    input wire                                 rst,
    output logic [prober_pkg::RANDOM_BITS-1:0] random
);

  logic [63:0] state;
  wire [63:0] a = state ^ (state << 13);
  wire [63:0] b = a ^ (a >> 7);
  wire [63:0] c = b ^ (b << 17);

  always_ff @(posedge clk) begin
    state <= c;
    if (rst) state <= 64'h9e37_79b9_7f4a_7c15;
  end

  assign random = state[63-:prober_pkg::RANDOM_BITS];

endmodule

`default_nettype wire
