// SPDX-License-Identifier: Apache-2.0
// Who holds how much of something that all share: what each has taken, less what he has given back.
//
// SHARES         who shares a number is one holder, a power of two
// LIMIT          units that a holder shall not go beyond
// asked, over    a holder; two cycles later: he held LIMIT units or more. What is taken or given shows two cycles later, not sooner
// taken, given   a holder takes units, or gives some back that he holds; one of each a cycle
// After reset nobody holds anything; nobody may take for SHARES cycles.
`default_nettype none

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

  // Two sums, so that each has one writer. What is held is their difference, whatever they have overflowed.
  logic [TOTAL_W-1:0] takes, gives, held;

  running_sum #(
      .SUMS(SHARES), .SUM_W(TOTAL_W), .ADD_W(UNITS_W)
  ) u_takes (
      .clk, .rst,
      .add_valid(taken_valid),
      .add_index(taken),
      .add(taken_units),
      .read(asked),
      .sum(takes)
  );
  running_sum #(
      .SUMS(SHARES), .SUM_W(TOTAL_W), .ADD_W(UNITS_W)
  ) u_gives (
      .clk, .rst,
      .add_valid(given_valid),
      .add_index(given),
      .add(given_units),
      .read(asked),
      .sum(gives)
  );

  assign held = takes - gives;
  always_ff @(posedge clk) over <= held >= TOTAL_W'(LIMIT);

endmodule

`default_nettype wire
