// SPDX-License-Identifier: Apache-2.0
// Who holds how much of something that all share: running sums of what each has taken and given back.
//
// SHARES    who shares a number is one holder, a power of two
// LIMIT     units that a holder shall not go beyond
// asked, over   a holder; two cycles later: it holds LIMIT units or more. Takes do not show in the first two cycles, gives neither
// taken, given  a holder takes units, or gives some back that it holds; one of each a cycle
// After reset nobody holds anything; nobody may take for SHARES cycles.
`default_nettype none
`include "sapulse_assert.svh"

module share_count #(
    parameter int unsigned SHARES = 256,
    parameter int unsigned UNITS_W = 8,   // bits of the units in one take
    parameter int unsigned TOTAL_W = 11,  // bits of those that one holder may have
    parameter int unsigned LIMIT = 128,
    localparam int unsigned INDEX_W = $clog2(SHARES)
) (
    input wire clk,
    input wire rst,

    input  wire  [INDEX_W-1:0] asked,
    output logic               over,

    input wire               taken_valid,
    input wire [INDEX_W-1:0] taken,
    input wire [UNITS_W-1:0] taken_units,
    input wire               given_valid,
    input wire [INDEX_W-1:0] given,
    input wire [UNITS_W-1:0] given_units
);

  // Sums modulo 2^TOTAL_W: what is held is their difference. Two memories, so that each has one writer.
  (* ram_style = "distributed" *)
  logic [TOTAL_W-1:0] takes[0:SHARES-1];
  (* ram_style = "distributed" *)
  logic [TOTAL_W-1:0] gives[0:SHARES-1];

  logic [INDEX_W:0] cleared;
  logic ready;
  logic [TOTAL_W-1:0] asked_takes, asked_gives, held;

  assign ready = cleared[INDEX_W];
  always_ff @(posedge clk) begin
    if (rst) cleared <= '0;
    else if (!ready) cleared <= cleared + 1'b1;
  end

  always_ff @(posedge clk) begin
    if (!ready) takes[cleared[INDEX_W-1:0]] <= '0;
    else if (taken_valid) takes[taken] <= takes[taken] + TOTAL_W'(taken_units);
    if (!ready) gives[cleared[INDEX_W-1:0]] <= '0;
    else if (given_valid) gives[given] <= gives[given] + TOTAL_W'(given_units);
  end

  assign held = asked_takes - asked_gives;
  always_ff @(posedge clk) begin
    asked_takes <= takes[asked];
    asked_gives <= gives[asked];
    over <= held >= TOTAL_W'(LIMIT);
  end

  `SAPULSE_ASSERT(clk, rst, ready || !taken_valid, "share_count: something is taken before the sums are cleared")

endmodule

`default_nettype wire
