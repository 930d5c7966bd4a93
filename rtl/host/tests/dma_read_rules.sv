// SPDX-License-Identifier: Apache-2.0
// Rules of who asks dma_read (dma_read_if): whole beats, at least one, at most MOST.
//
// ASSUMED  0: the rules are asserted, of what is under proof; 1: they are assumed, of its surroundings
`default_nettype none

module dma_read_rules #(
    parameter bit ASSUMED = 1'b0,
    parameter int unsigned MOST = sapulse_pkg::MAX_FRAME_BYTES / sapulse_pkg::BEAT_BYTES
) (
    input wire clk,
    input wire rst,
    input wire valid,
    input wire [63:0] address,
    input wire host_pkg::read_beats_t beats
);

  wire aligned = !valid || address[host_pkg::BEAT_SHIFT-1:0] == '0;
  wire right_length = !valid || (beats != '0 && 32'(beats) <= MOST);

  always_comb begin
    if (ASSUMED && !rst) assume (aligned && right_length);
  end
  always_ff @(posedge clk) begin
    if (!ASSUMED && !rst) begin
      assert (aligned);
      assert (right_length);
    end
  end

endmodule

`default_nettype wire
