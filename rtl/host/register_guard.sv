// SPDX-License-Identifier: Apache-2.0
// Tells of a flipped bit in registers that change only when the host writes some register.
//
// written: the host writes; in the next two cycles word may change. fault: it has changed in another one; three cycles later.
`default_nettype none

module register_guard #(
    parameter int unsigned WIDTH = 64
) (
    input wire clk,
    input wire rst,

    input wire             written,
    input wire [WIDTH-1:0] word,
    output logic           fault
);

  localparam int unsigned SUMS = (WIDTH + 35) / 36;

  logic [SUMS-1:0] sums, sums_q;
  logic odd, odd_before;
  logic [3:0] may_change;  // bit i: the host wrote i + 1 cycles ago, or there was a reset

  word_sums #(.WIDTH(WIDTH)) u_sums (.word, .sums);

  always_ff @(posedge clk) begin
    sums_q <= sums;
    odd <= ^sums_q;
    odd_before <= odd;
    may_change <= rst ? '1 : {may_change[2:0], written};
    fault <= odd != odd_before && may_change[3:2] == '0 && !rst;
  end

endmodule

`default_nettype wire
