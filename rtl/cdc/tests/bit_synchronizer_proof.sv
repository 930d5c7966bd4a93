// SPDX-License-Identifier: Apache-2.0
// bit_synchronizer, whenever clock and input change: what is seen is the input of two edges before, each bit by itself, and changes
// at edges alone. For prove.py --clocks.
`default_nettype none

module bit_synchronizer_proof #(
    parameter int unsigned WIDTH = 2
) (
    input wire clk,
    input wire [WIDTH-1:0] in
);

  logic [WIDTH-1:0] out;
  bit_synchronizer #(.WIDTH(WIDTH)) u_dut (.clk, .in, .out);

  logic [WIDTH-1:0] earlier[1:0];
  logic [1:0] settled = '0;
  always_ff @(posedge clk) begin
    earlier <= '{earlier[0], in};
    settled <= {settled[0], 1'b1};
  end

  always_comb begin
    if (&settled) assert (out == earlier[1]);
    cover (&settled && out == '1 && earlier[0] == '0 && in == '1);
  end

endmodule

`default_nettype wire
