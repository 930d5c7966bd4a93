// SPDX-License-Identifier: Apache-2.0
// Rules of who offers words on a channel with valid and ready (AXI4 A3.2.1, AXI4-Stream 2.2.1): an offered word stays as it is
// until it is taken; after a reset nothing is offered (A3.1.2).
//
// ASSUMED  0: the rules are asserted, of what is under proof; 1: they are assumed, of its surroundings
`default_nettype none

module channel_rules #(
    parameter bit ASSUMED = 1'b0,
    parameter int unsigned WIDTH = 1
) (
    input wire clk,
    input wire rst,
    input wire valid,
    input wire ready,
    input wire [WIDTH-1:0] data
);

  logic was_reset, held;
  logic [WIDTH-1:0] was;
  always_ff @(posedge clk) begin
    was_reset <= rst;
    held <= valid && !ready && !rst;
    was <= data;
  end

  wire idle_after_reset = !(was_reset && valid);
  wire stays = !held || valid;
  wire stays_the_same = !held || data == was;

  always_comb begin
    if (ASSUMED && !rst) assume (idle_after_reset && stays && stays_the_same);
  end
  always_ff @(posedge clk) begin
    if (!ASSUMED && !rst) begin
      assert (idle_after_reset);
      assert (stays);
      assert (stays_the_same);
    end
  end

endmodule

`default_nettype wire
