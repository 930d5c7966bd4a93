// SPDX-License-Identifier: Apache-2.0
// Memory of an hlsc kernel in LUT RAM: one combinational read and one write port, contents zero after configuration and
// kept over reset.
`default_nettype none

module hls_lut_ram #(
    parameter integer WIDTH = 8,   // bits of a word
    parameter integer ABITS = 4,   // bits of an address
    parameter integer DEPTH = 16   // words, at most 2**ABITS
) (
    input  wire             clk,
    input  wire [ABITS-1:0] raddr,
    output wire [WIDTH-1:0] rdata,  // same cycle as raddr
    input  wire             we,
    input  wire [ABITS-1:0] waddr,
    input  wire [WIDTH-1:0] wdata
);
  (* ram_style = "distributed" *) reg [WIDTH-1:0] mem[0:DEPTH-1];

  integer i;
  initial for (i = 0; i < DEPTH; i = i + 1) mem[i] = 0;

  assign rdata = mem[raddr];
  always @(posedge clk) if (we) mem[waddr] <= wdata;

`ifndef SYNTHESIS
`ifndef YOSYS
  always @(posedge clk) a_write_in_range : assert (!we || {1'b0, waddr} < DEPTH[ABITS:0]);
`endif
`endif
endmodule

`default_nettype wire
