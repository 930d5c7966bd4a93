// SPDX-License-Identifier: Apache-2.0
// One sum for each number of a range, modulo 2^SUM_W; one addition a cycle.
//
// SUMS           how many, a power of two
// add_*          shows in what is read two cycles later, and from then on
// read, sum      a number; one cycle later its sum
// After reset all sums are cleared, one a cycle; no addition before this is done.
`default_nettype none
`include "sapulse_assert.svh"

module running_sum #(
    parameter int unsigned SUMS = 256,
    parameter int unsigned SUM_W = 11,
    parameter int unsigned ADD_W = 8,
    localparam int unsigned INDEX_W = $clog2(SUMS)
) (
    input wire clk,
    input wire rst,

    input wire               add_valid,
    input wire [INDEX_W-1:0] add_index,
    input wire [ADD_W-1:0]   add,

    input  wire  [INDEX_W-1:0] read,
    output logic [SUM_W-1:0]   sum
);

  (* ram_style = "distributed" *)
  logic [SUM_W-1:0] memory[0:SUMS-1];

  logic [INDEX_W:0] cleared;
  logic ready;
  assign ready = cleared[INDEX_W];
  always_ff @(posedge clk) begin
    if (rst) cleared <= '0;
    else if (!ready) cleared <= cleared + 1'b1;
  end

  // The sum of before is read in one cycle, and written back in the next. Of two additions in a row to one sum, the second takes
  // over what the first one writes.
  logic adding, same_as_last;
  logic [INDEX_W-1:0] index;
  logic [ADD_W-1:0] added;
  logic [SUM_W-1:0] stored, last, next;

  always_ff @(posedge clk) begin
    adding <= add_valid && !rst;
    index <= add_index;
    added <= add;
    stored <= memory[add_index];
    same_as_last <= adding && index == add_index;
    last <= next;
  end
  assign next = (same_as_last ? last : stored) + SUM_W'(added);

  always_ff @(posedge clk) begin
    if (!ready) memory[cleared[INDEX_W-1:0]] <= '0;
    else if (adding) memory[index] <= next;
    sum <= memory[read];
  end

  `SAPULSE_ASSERT(clk, rst, ready || !add_valid, "running_sum: an addition before the sums are cleared")

endmodule

`default_nettype wire
