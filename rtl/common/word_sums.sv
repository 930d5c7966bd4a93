// SPDX-License-Identifier: Apache-2.0
// Parity of a wide word, as far as LEVELS levels of LUTs take it: XORs of 6^LEVELS bits each. Combinational.
//
// sums: an odd number of them is set if an odd number of bits of the word is. They are not of neighbouring bits: each level lays
// the sixths of the word on each other, which is few operations in simulation.
`default_nettype none

module word_sums #(
    parameter int unsigned WIDTH = 64,
    parameter int unsigned LEVELS = 2,
    localparam int unsigned GROUP = 6 ** LEVELS,
    localparam int unsigned SUMS = (WIDTH + GROUP - 1) / GROUP
) (
    input  wire [WIDTH-1:0] word,
    output wire [ SUMS-1:0] sums
);

  localparam int unsigned SIXTH = (WIDTH + 5) / 6;

  logic [6*SIXTH-1:0] bits;
  logic [SIXTH-1:0] folded;

  assign bits = (6 * SIXTH)'(word);
  assign folded = bits[0+:SIXTH] ^ bits[SIXTH+:SIXTH] ^ bits[2*SIXTH+:SIXTH] ^ bits[3*SIXTH+:SIXTH] ^ bits[4*SIXTH+:SIXTH]
      ^ bits[5*SIXTH+:SIXTH];

  if (LEVELS == 1) begin : g_last
    assign sums = folded;
  end else begin : g_more
    word_sums #(.WIDTH(SIXTH), .LEVELS(LEVELS - 1)) u_sums (.word(folded), .sums);
  end

endmodule

`default_nettype wire
