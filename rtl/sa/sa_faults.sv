// SPDX-License-Identifier: Apache-2.0
// Counts the damaged entries that the tables meet, and tells of one at a time.
//
// ready: the tables have been cleared; a fault of before means nothing.
// count: faults of the cycle before. fault: the first one, in the order of sapulse_pkg::SA_TABLE_*, that comes while none waits;
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

  logic [QUIET_LOG2:0] quiet;  // the highest bit: time is over
  logic [3:0] number;
  logic any;
  sa_pkg::table_fault_t first;

  always_comb begin
    number = '0;
    any = 1'b0;
    first = '0;
    for (int i = sapulse_pkg::SA_TABLES - 1; i >= 0; i--) begin
      number += 4'(faults[i].valid);
      if (faults[i].valid) begin
        any = 1'b1;
        first = '{sa_table: 4'(i), entry: faults[i].entry};
      end
    end
  end

  always_ff @(posedge clk) begin
    count <= ready ? number : '0;
    if (!quiet[QUIET_LOG2]) quiet <= quiet + 1'b1;
    if (fault.valid && fault.ready) begin
      fault.valid <= 1'b0;
      quiet <= '0;
    end else if (any && ready && !fault.valid && (first != fault.data || quiet[QUIET_LOG2])) begin
      fault.valid <= 1'b1;
      fault.data <= first;
    end
    if (rst) begin
      count <= '0;
      fault.valid <= 1'b0;
      quiet <= {1'b1, {QUIET_LOG2{1'b0}}};
    end
  end

endmodule

`default_nettype wire
