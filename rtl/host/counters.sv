// SPDX-License-Identifier: Apache-2.0
// 64-bit event counters, read over the register bus at COUNTER.
//
// Each counter is a small accumulator that takes an increment every cycle. A sweep visits one accumulator a cycle, empties it and
// adds what it held to the total in a memory: 44 accumulators of 13 bits and one 64-bit adder instead of 44 registers and adders
// of 64 bits. Reading the low half waits until the sweep has passed the counter, so the value has every increment that came before
// the read; it also latches the high half. One latch serves all counters.
//
// INCREMENT_W  bits of an increment
//
// increments   of each counter, every cycle
// rdata, busy  the half that `access` names, busy while the sweep is awaited
`default_nettype none

module counters #(
    parameter int unsigned COUNTERS = sapulse_pkg::COUNTERS,
    parameter int unsigned INCREMENT_W = 7
) (
    input wire clk,
    input wire rst,
    input wire [COUNTERS-1:0][INCREMENT_W-1:0] increments,

    input  sapulse_pkg::counter_access_t access,
    output logic [31:0]                  rdata,
    output logic                         busy
);
  localparam int unsigned INDEX_W = $clog2(COUNTERS);
  // An accumulator is emptied every COUNTERS cycles.
  localparam int unsigned ACC_W = INCREMENT_W + $clog2(COUNTERS + 1);

  logic [COUNTERS-1:0][INCREMENT_W-1:0] increments_q;
  logic [INDEX_W-1:0] index_q;
  logic first_q;  // first sweep after reset: the totals are not valid yet
  logic [COUNTERS-1:0][ACC_W-1:0] accumulators;

  always_ff @(posedge clk) begin
    increments_q <= rst ? '0 : increments;
    if (rst) begin
      index_q <= '0;
      first_q <= 1'b1;
    end else if (index_q == INDEX_W'(COUNTERS - 1)) begin
      index_q <= '0;
      first_q <= 1'b0;
    end else begin
      index_q <= index_q + 1'b1;
    end
  end

  for (genvar i = 0; i < COUNTERS; i++) begin : g_accumulator
    wire [ACC_W-1:0] kept = (index_q == INDEX_W'(i)) ? '0 : accumulators[i];
    always_ff @(posedge clk) accumulators[i] <= rst ? '0 : kept + ACC_W'(increments_q[i]);
  end

  wire [INDEX_W-1:0] wanted = access.index[INDEX_W-1:0];
  wire start = access.read && !access.word;
  logic pending_q;

  // Stage 1: accumulator and total of the counter that the sweep is at. Stage 2: their sum. Stage 3: back into the memory.
  logic [63:0] totals[0:COUNTERS-1];
  logic [ACC_W-1:0] taken_q;
  logic [63:0] total_q, sum_q;
  logic [INDEX_W-1:0] index1_q, index2_q;
  logic valid1_q, valid2_q, fresh1_q, fresh2_q;

  always_ff @(posedge clk) begin
    taken_q <= accumulators[index_q];
    total_q <= first_q ? 64'h0 : totals[index_q];
    index1_q <= index_q;
    index2_q <= index1_q;
    sum_q <= total_q + 64'(taken_q);
    valid1_q <= !rst;
    valid2_q <= valid1_q && !rst;
    fresh1_q <= pending_q && wanted == index_q && !rst;
    fresh2_q <= fresh1_q && !rst;
    if (valid2_q) totals[index2_q] <= sum_q;
  end

  // The two registers of increments and accumulators in front of the sweep: a read starts to look two cycles after its pulse.
  logic [1:0] started_q;
  logic [1:0] settling_q;  // cycles until rdata has followed latch_q
  logic [63:0] latch_q;

  always_ff @(posedge clk) begin
    if (fresh2_q) latch_q <= sum_q;
    if (rst) begin
      started_q <= 2'b00;
      pending_q <= 1'b0;
      settling_q <= 2'b00;
    end else begin
      started_q <= {started_q[0], start};
      pending_q <= started_q[1] || (pending_q && !fresh2_q);
      settling_q <= {settling_q[0], |started_q || pending_q};
    end
    busy <= !rst && (start || |started_q || pending_q || |settling_q);
    rdata <= access.word ? latch_q[63:32] : latch_q[31:0];
  end

endmodule

`default_nettype wire
