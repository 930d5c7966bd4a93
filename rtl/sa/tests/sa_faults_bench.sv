// SPDX-License-Identifier: Apache-2.0
// sa_faults with loose ports, and a quiet time that a test can wait for.
`default_nettype none

module sa_faults_bench #(
    parameter int unsigned QUIET_LOG2 = 6
) (
    input wire clk,
    input wire rst,
    input wire ready,

    input  wire [sapulse_pkg::SA_TABLES-1:0] found,
    input  wire [                      31:0] entry,  // in table 0; in each one behind it, one more
    output logic [3:0]                       count,
    output logic                             fault_valid,
    input  wire                              fault_ready,
    output logic [3:0]                       fault_table,
    output logic [31:0]                      fault_entry
);

  sa_pkg::faults_t faults;
  for (genvar i = 0; i < sapulse_pkg::SA_TABLES; i++) begin : g_table
    assign faults[i] = '{valid: found[i], entry: sa_pkg::entry_number_t'(entry + 32'(i))};
  end

  stream_if #(sa_pkg::table_fault_t) fault ();
  assign fault_valid = fault.valid;
  assign fault.ready = fault_ready;
  assign fault_table = fault.data.sa_table;
  assign fault_entry = 32'(fault.data.entry);

  sa_faults #(.QUIET_LOG2(QUIET_LOG2)) u_dut (.*);

endmodule

`default_nettype wire
