// SPDX-License-Identifier: Apache-2.0
// Rules of who asks dma_write (dma_write_if): whole beats, at least one, all inside one block of host_pkg::BURST_BYTES.
//
// ASSUMED  0: the rules are asserted, of what is under proof; 1: they are assumed, of its surroundings
`default_nettype none

module dma_write_rules #(
    parameter bit ASSUMED = 1'b0
) (
    input wire clk,
    input wire rst,
    input wire valid,
    input wire [63:0] address,
    input wire host_pkg::write_beats_t beats
);
  import host_pkg::*;

  wire [31:0] after = 32'(address[BEAT_SHIFT+:BURST_SHIFT]) + 32'(beats);  // the last beat, from the beginning of the block
  wire aligned = !valid || address[BEAT_SHIFT-1:0] == '0;
  wire in_one_block = !valid || (beats != '0 && after <= BURST_BEATS);

  always_comb begin
    if (ASSUMED && !rst) assume (aligned && in_one_block);
  end
  always_ff @(posedge clk) begin
    if (!ASSUMED && !rst) begin
      assert (aligned);
      assert (in_one_block);
    end
  end

endmodule

`default_nettype wire
