// SPDX-License-Identifier: Apache-2.0
// Tells of words that leave a memory with a flipped bit; two cycles later, so that nothing waits for it.
//
// WIDTH: bits of a word, with its parity bit: an even number of them is set.
// taken: word leaves in this cycle. fault: the one that left two cycles ago had an odd number of flipped bits.
`default_nettype none

module word_check #(
    parameter int unsigned WIDTH = 64
) (
    input wire clk,
    input wire rst,

    input wire             taken,
    input wire [WIDTH-1:0] word,
    output logic           fault
);

  localparam int unsigned SUMS = (WIDTH + 35) / 36;

  logic [SUMS-1:0] sums, kept;
  word_sums #(.WIDTH(WIDTH)) u_sums (.word, .sums);

  // The sums do not outlive the word, which may be a secret.
  always_ff @(posedge clk) begin
    kept <= taken && !rst ? sums : '0;
    fault <= ^kept && !rst;
  end

endmodule

`default_nettype wire
