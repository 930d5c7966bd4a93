// SPDX-License-Identifier: Apache-2.0
// A 64-bit register behind a 32-bit bus: the low half is kept aside until the high half is written, which commits both.
//
// MASK       bits that exist; the others stay 0
// RESET      value after reset
// committed  1 in the cycle in which value has just changed
`default_nettype none

module register64 #(
    parameter logic [63:0] MASK = 64'hffffffff_ffffffff,
    parameter logic [63:0] RESET = 64'h0
) (
    input  wire         clk,
    input  wire         rst,
    input  wire         write_low,
    input  wire         write_high,
    input  wire  [31:0] wdata,
    output logic [63:0] value,
    output logic        committed
);
  logic [31:0] low_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      low_q <= 32'h0;
      value <= RESET;
      committed <= 1'b0;
    end else begin
      if (write_low) begin
        low_q <= wdata;
      end
      if (write_high) begin
        value <= {wdata, low_q} & MASK;
      end
      committed <= write_high;
    end
  end

endmodule

`default_nettype wire
