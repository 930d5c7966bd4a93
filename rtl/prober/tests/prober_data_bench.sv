// SPDX-License-Identifier: Apache-2.0
// prober_data of 16 SAs with the fields of its structures as ports.
`default_nettype none

module prober_data_bench (
    input wire         clk,
    input wire         clear_valid,
    input wire [3:0]   clear_sa,
    input wire [31:0]  tick,
    input wire         data_valid,
    input wire [3:0]   data_sa,
    input wire         stale_valid,
    input wire [3:0]   stale_sa,
    input wire [3:0]   read_sa,
    output logic       read_seen,
    output logic [31:0] read_tick
);

  prober_pkg::data_seen_t data;
  assign read_seen = data.seen;
  assign read_tick = data.tick;

  logic check;
  wire unused = &{1'b0, check};  // prober_fault_test.cpp

  prober_data #(
      .SA_CAPACITY(16)
  ) u_dut (
      .clk, .tick,
      .clear('{valid: clear_valid, sa: 16'(clear_sa)}),
      .customer('{valid: data_valid, sa: 16'(data_sa), sequence_number: '0}),
      .stale('{valid: stale_valid, sa: 16'(stale_sa)}),
      .read_sa(16'(read_sa)),
      .data, .check
  );

endmodule

`default_nettype wire
