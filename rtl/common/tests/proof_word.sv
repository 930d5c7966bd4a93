// SPDX-License-Identifier: Apache-2.0
// One word, chosen freely among all that enter something first in, first out: what holds for it holds for all.
//
// push, pop: a word (of which few bits are enough) enters, leaves. choose: that which enters now, unless one is being followed.
// held: words inside. chosen: one is followed; data is its own, ahead the number of words that have to leave before it.
`default_nettype none

module proof_word #(
    parameter int unsigned COUNT_W = 4,  // of the numbers of words inside
    parameter int unsigned DATA_W = 1
) (
    input wire clk,
    input wire rst,
    input wire push,
    input wire [DATA_W-1:0] push_data,
    input wire pop,
    input wire choose,
    output logic chosen,
    output logic [DATA_W-1:0] data,
    output logic [COUNT_W-1:0] held,
    output logic [COUNT_W-1:0] ahead
);

  always_ff @(posedge clk) begin
    held <= held + COUNT_W'(push) - COUNT_W'(pop);
    if (push && choose && !chosen) begin
      chosen <= 1'b1;
      data <= push_data;
      ahead <= held - COUNT_W'(pop);
    end else if (chosen && pop) begin
      ahead <= ahead - 1'b1;
      if (ahead == '0) chosen <= 1'b0;
    end
    if (rst) begin
      held <= '0;
      chosen <= 1'b0;
    end
  end

endmodule

`default_nettype wire
