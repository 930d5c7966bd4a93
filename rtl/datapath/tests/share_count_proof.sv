// SPDX-License-Identifier: Apache-2.0
// For a holder chosen freely: what share_count says of it is what it has taken less what it has given back, two cycles before it
// was asked about, however often its sums have overflowed and whatever the others do.
`default_nettype none

module share_count_proof #(
    parameter int unsigned SHARES = 2,
    parameter int unsigned UNITS_W = 2,
    parameter int unsigned TOTAL_W = 4,
    parameter int unsigned LIMIT = 5,
    localparam int unsigned INDEX_W = $clog2(SHARES)
) (
    input wire clk,
    input wire restart,
    input wire [INDEX_W-1:0] some_holder,
    input wire [INDEX_W-1:0] asked,
    input wire taken_valid,
    input wire [INDEX_W-1:0] taken,
    input wire [UNITS_W-1:0] taken_units,
    input wire given_valid,
    input wire [INDEX_W-1:0] given,
    input wire [UNITS_W-1:0] given_units
);

  logic rst, first, over;
  proof_reset u_reset (.clk, .restart, .rst, .first);
  share_count #(.SHARES(SHARES), .UNITS_W(UNITS_W), .TOTAL_W(TOTAL_W), .LIMIT(LIMIT)) u_dut (.*);

  logic [INDEX_W-1:0] chosen;
  always_ff @(posedge clk) if (first) chosen <= some_holder;

  // After reset the sums are cleared, one a cycle.
  logic [INDEX_W:0] age;
  logic cleared;
  assign cleared = age == (INDEX_W + 1)'(SHARES);
  always_ff @(posedge clk) age <= rst ? '0 : age + (INDEX_W + 1)'(!cleared);

  // What the chosen one holds. The surroundings promise that nobody gives what he does not hold, nor holds more than TOTAL_W says.
  logic [TOTAL_W:0] held, more, less, after;
  assign more = taken_valid && taken == chosen ? (TOTAL_W + 1)'(taken_units) : '0;
  assign less = given_valid && given == chosen ? (TOTAL_W + 1)'(given_units) : '0;
  assign after = held + more - less;
  always_ff @(posedge clk) held <= rst ? '0 : after;
  always_comb begin
    assume (cleared || !(taken_valid || given_valid));
    assume (less <= held);
    assume (after[TOTAL_W] == 1'b0);
  end

  // What shows of it: to a question, and two cycles later in the answer.
  logic [TOTAL_W:0] shown;
  logic [1:0] expected, mine;
  always_ff @(posedge clk) begin
    shown <= rst ? '0 : held;
    expected <= {expected[0], shown >= (TOTAL_W + 1)'(LIMIT)};
    mine <= rst ? '0 : {mine[0], asked == chosen && cleared};
  end

  // The sums with what is being added to them. The proof's invariant.
  logic [TOTAL_W-1:0] takes, gives;
  assign takes = u_dut.u_takes.adding && u_dut.u_takes.index == chosen ? u_dut.u_takes.next : u_dut.u_takes.memory[chosen];
  assign gives = u_dut.u_gives.adding && u_dut.u_gives.index == chosen ? u_dut.u_gives.next : u_dut.u_gives.memory[chosen];

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!cleared || (!held[TOTAL_W] && takes - gives == held[TOTAL_W-1:0]));
      assert (u_dut.u_takes.cleared == age && u_dut.u_gives.cleared == age && 32'(age) <= SHARES);
      assert (!mine[1] || over == expected[1]);
      cover (mine[1] && over && u_dut.takes < u_dut.gives);
      cover (mine[1] && !over && shown != '0);
    end
  end

endmodule

`default_nettype wire
