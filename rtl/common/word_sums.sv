// SPDX-License-Identifier: Apache-2.0
// First half of the parity of a wide word: XORs of 36 bits each, two levels of LUTs. Combinational.
//
// sums: an odd number of them is set if an odd number of bits of the word is.
`default_nettype none

module word_sums #(
    parameter int unsigned WIDTH = 64,
    localparam int unsigned SUMS = (WIDTH + 35) / 36
) (
    input  wire  [WIDTH-1:0] word,
    output logic [ SUMS-1:0] sums
);

  logic [36*SUMS-1:0] bits;
  assign bits = (36 * SUMS)'(word);

  always_comb begin
    for (int i = 0; i < int'(SUMS); i++) sums[i] = ^bits[36*i+:36];
  end

endmodule

`default_nettype wire
