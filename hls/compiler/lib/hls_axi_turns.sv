// SPDX-License-Identifier: Apache-2.0
// Whose turn it is: the first one that wants after the one that was taken last.
`default_nettype none

module hls_axi_turns #(
    parameter integer WIDTH = 1
) (
    input  wire             clk,
    input  wire             rst_n,   // synchronous, active low
    input  wire [WIDTH-1:0] wanted,
    input  wire             taken,   // the one that is chosen
    output wire [WIDTH-1:0] chosen   // one at most
);
  reg [WIDTH-1:0] behind;  // come after the one that was taken last

  wire [WIDTH-1:0] first = wanted & behind & (~(wanted & behind) + WIDTH'(1));
  wire [WIDTH-1:0] any = wanted & (~wanted + WIDTH'(1));
  assign chosen = |first ? first : any;

  always @(posedge clk) begin
    if (!rst_n) behind <= 0;
    else if (taken) behind <= ~(chosen | (chosen - WIDTH'(1)));
  end
endmodule

`default_nettype wire
