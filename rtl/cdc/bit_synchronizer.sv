// SPDX-License-Identifier: Apache-2.0
// Levels from any clock, or none, into clk. The bits are independent of each other and must stay for more than one cycle of clk.
//
// WIDTH: bits.
`default_nettype none

module bit_synchronizer #(
    parameter int unsigned WIDTH = 1
) (
    input  wire              clk,
    input  wire  [WIDTH-1:0] in,
    output logic [WIDTH-1:0] out
);

  logic [WIDTH-1:0] earlier;
`ifdef SYNTHESIS
  assign earlier = in;
`else
  always_ff @(posedge clk) earlier <= in;
`endif

  sync_flops #(
      .WIDTH(WIDTH)
  ) u_flops (
      .clk,
      .in,
      .earlier,
      .out
  );

endmodule

`default_nettype wire
