// SPDX-License-Identifier: Apache-2.0
// Memory of an hlsc kernel in block RAM: one read and one write port, read latency 1, contents zero after configuration
// and kept over reset. A read that meets a write of the same address in the same cycle returns the new word.
`default_nettype none

module hls_block_ram #(
    parameter integer WIDTH = 8,   // bits of a word
    parameter integer ABITS = 4,   // bits of an address
    parameter integer DEPTH = 16   // words, at most 2**ABITS
) (
    input  wire             clk,
    input  wire [ABITS-1:0] raddr,
    output wire [WIDTH-1:0] rdata,  // one cycle after raddr
    input  wire             we,
    input  wire [ABITS-1:0] waddr,
    input  wire [WIDTH-1:0] wdata
);
  (* ram_style = "block" *) reg [WIDTH-1:0] mem[0:DEPTH-1];
  reg [WIDTH-1:0] read_word;
  reg [WIDTH-1:0] written_word;
  reg             forward;

  integer i;
  initial for (i = 0; i < DEPTH; i = i + 1) mem[i] = 0;

  always @(posedge clk) begin
    read_word <= mem[raddr];
    if (we) mem[waddr] <= wdata;
    forward <= we & (raddr == waddr);
    written_word <= wdata;
  end
  assign rdata = forward ? written_word : read_word;

`ifndef SYNTHESIS
`ifndef YOSYS
  always @(posedge clk) a_write_in_range : assert (!we || {1'b0, waddr} < DEPTH[ABITS:0]);
`endif
`endif
endmodule

`default_nettype wire
