// SPDX-License-Identifier: Apache-2.0
// Counts the damaged entries that the tables meet, and tells of one at a time.
//
// ready: the tables have been cleared; a fault of before means nothing.
// count: faults of two cycles before. fault: the first one, in the order of sapulse_pkg::SA_TABLE_*, that comes while none waits;
//   the same one again only 2^QUIET_LOG2 cycles later: who sends packets to an SA with a damaged key must not fill the event ring.
`default_nettype none

module sa_faults #(
    parameter int unsigned QUIET_LOG2 = 24
) (
    input wire clk,
    input wire rst,
    input wire ready,

    input wire sa_pkg::faults_t faults,
    output logic [3:0]          count,
    stream_if.source            fault  // table_fault_t
);

  if (sapulse_pkg::SA_TABLES > 15) begin : g_count
    $error("sa_faults: count has four bits");
  end

  localparam int unsigned TABLES = sapulse_pkg::SA_TABLES;

  // Stage 1: the faults of a cycle. Stage 2: how many, and the first of them. Stage 3: whether to tell of that one.
  localparam int unsigned FAULT_W = $bits(sa_pkg::table_fault_t);
  sa_pkg::faults_t met;
  logic [TABLES-1:0] valid, lowest;
  logic [FAULT_W-1:0][TABLES-1:0] columns;  // of each bit of the first fault, that of each table
  logic [FAULT_W-1:0] chosen;
  sa_pkg::table_fault_t row, first;
  logic [3:0] number;
  logic any;
  logic [QUIET_LOG2:0] quiet;  // the highest bit: time is over

  always_comb begin
    number = '0;
    for (int i = 0; i < TABLES; i++) valid[i] = met[i].valid;
    for (int i = 0; i < TABLES; i++) begin
      number += 4'(valid[i]);
      lowest[i] = valid[i] && (valid & ((TABLES'(1) << i) - 1'b1)) == '0;
      row = '{sa_table: 4'(i), entry: met[i].entry};
      for (int b = 0; b < FAULT_W; b++) columns[b][i] = lowest[i] && row[b];
    end
    for (int b = 0; b < FAULT_W; b++) chosen[b] = |columns[b];
  end

  always_ff @(posedge clk) begin
    met <= ready && !rst ? faults : '0;
    count <= number;
    any <= valid != '0;
    first <= chosen;
    if (!quiet[QUIET_LOG2]) quiet <= quiet + 1'b1;
    if (fault.valid && fault.ready) begin
      fault.valid <= 1'b0;
      quiet <= '0;
    end else if (any && !fault.valid && (first != fault.data || quiet[QUIET_LOG2])) begin
      fault.valid <= 1'b1;
      fault.data <= first;
    end
    if (rst) begin
      count <= '0;
      any <= 1'b0;
      fault.valid <= 1'b0;
      quiet <= {1'b1, {QUIET_LOG2{1'b0}}};
    end
  end

endmodule

`default_nettype wire
