// SPDX-License-Identifier: Apache-2.0
// gray_crossing between two clocks that rise and fall in any order: while `in` steps by one at most, what is seen is what it was
// an edge of its clock and two of the other one before, so a value that it has had, and never one older than those seen before.
// Between two edges of in_clk one bit at most changes, so that it does not matter when each bit arrives. For prove.py --clocks.
`default_nettype none

module gray_crossing_proof #(
    parameter int unsigned WIDTH = 4
) (
    input wire in_clk,
    input wire out_clk,
    input wire restart,
    input wire up,
    input wire down
);

  logic in_rst = 1'b1;
  logic [WIDTH-1:0] in = '0, crossing = '0;
  always_ff @(posedge in_clk) begin
    in_rst <= restart;
    in <= in + WIDTH'(up) - WIDTH'(down);
    crossing <= in_rst ? '0 : in;
    if (restart || in_rst) in <= '0;
  end

  logic [WIDTH-1:0] out;
  gray_crossing #(.WIDTH(WIDTH)) u_dut (.in_clk, .in_rst, .in, .out_clk, .out);

  logic [WIDTH-1:0] earlier[1:0];
  logic [1:0] settled = '0;
  logic begun = 1'b0;
  always_ff @(posedge in_clk) begun <= 1'b1;
  always_ff @(posedge out_clk) begin
    earlier <= '{earlier[0], crossing};
    settled <= {settled[0], begun};
  end

  wire [WIDTH-1:0] change = u_dut.gray ^ u_dut.gray_next;
  always_ff @(posedge out_clk) begin
    if (&settled) assert (out == earlier[1]);
    cover (&settled && out == '1 && earlier[0] == '0);
  end
  always_ff @(posedge in_clk) if (begun && !in_rst) assert ((change & (change - 1'b1)) == '0);

endmodule

`default_nettype wire
