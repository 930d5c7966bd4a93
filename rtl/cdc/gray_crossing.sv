// SPDX-License-Identifier: Apache-2.0
// A counter seen from another clock: out is a value that in had a few cycles ago, never one that it has not had.
//
// WIDTH: bits. in may step by one, up or down, at each edge of in_clk; a jump is allowed only in in_rst, while the reader is in
// reset, too.
`default_nettype none
`include "sapulse_assert.svh"

module gray_crossing #(
    parameter int unsigned WIDTH = 4
) (
    input wire             in_clk,
    input wire             in_rst,
    input wire [WIDTH-1:0] in,

    input  wire              out_clk,
    output logic [WIDTH-1:0] out
);

  logic [WIDTH-1:0] gray, gray_next, gray_seen;

  assign gray_next = in ^ (in >> 1);
  always_ff @(posedge in_clk) gray <= in_rst ? '0 : gray_next;

  logic [WIDTH-1:0] earlier;
`ifdef SYNTHESIS
  assign earlier = gray;
`else
  always_ff @(posedge in_clk) if (gray_next != gray) earlier <= gray;
`endif

  sync_flops #(
      .WIDTH(WIDTH)
  ) u_flops (
      .clk(out_clk),
      .in(gray),
      .earlier,
      .out(gray_seen)
  );

  for (genvar i = 0; i < WIDTH; i = i + 1) begin : g_binary
    assign out[i] = ^gray_seen[WIDTH-1:i];
  end

  // At most one bit differs.
  logic [WIDTH-1:0] change;
  assign change = gray ^ gray_next;
  `SAPULSE_ASSERT(in_clk, in_rst, (change & (change - 1'b1)) == '0, "gray_crossing: in has jumped")

endmodule

`default_nettype wire
