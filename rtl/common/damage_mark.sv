// SPDX-License-Identifier: Apache-2.0
// Tells at the end of a frame whether one of its beats was damaged.
//
// SUMS: those that word_sums has of a beat.
// taken: a beat leaves, the last one of its frame or not, with its sums: an odd number of them is set if it is damaged.
// damaged: with the last one, in the same cycle: it or one before it is not as it came.
`default_nettype none

module damage_mark #(
    parameter int unsigned SUMS = 17
) (
    input wire clk,
    input wire rst,

    input wire            taken,
    input wire            last,
    input wire [SUMS-1:0] sums,
    output logic          damaged
);

  logic odd, earlier;
  assign odd = ^sums || earlier;
  assign damaged = odd && last;

  always_ff @(posedge clk) begin
    if (taken) earlier <= odd && !last;
    if (rst) earlier <= 1'b0;
  end

endmodule

`default_nettype wire
