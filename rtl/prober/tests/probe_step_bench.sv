// SPDX-License-Identifier: Apache-2.0
// probe_step with the fields of its structures as ports.
`default_nettype none
`include "sapulse_assert.svh"

module probe_step_bench (
    input  wire         clk,
    input  wire         rst,
    input  wire  [31:0] tick,
    input  wire  [10:0] random,
    input  wire         probing,
    input  wire         request_room,
    input  wire         event_room,

    input  wire         valid,
    input  wire  [ 2:0] kind,
    input  wire         data_seen,
    input  wire  [31:0] data_tick,
    input  wire         enable,
    input  wire         data_alive,
    input  wire  [ 6:0] jitter,
    input  wire  [13:0] length,
    input  wire  [29:0] interval,
    input  wire  [30:0] suspect,
    input  wire  [30:0] detect,
    input  wire  [ 2:0] state,
    input  wire  [ 2:0] told,
    input  wire  [31:0] due,
    input  wire  [31:0] heard,
    input  wire  [29:0] number,
    input  wire  [31:0] outstanding,
    input  wire  [ 3:0] burst,
    input  wire  [31:0] rtt,
    input  wire  [29:0] probes,
    input  wire         many,
    input  wire  [31:0] replies,
    input  wire         config_enable,
    input  wire         config_data_alive,
    input  wire  [ 6:0] config_jitter,
    input  wire  [13:0] config_length,
    input  wire  [29:0] config_interval,
    input  wire  [30:0] config_suspect,
    input  wire  [30:0] config_detect,
    input  wire  [ 3:0] count,
    input  wire  [29:0] reply_number,
    input  wire  [63:0] age,

    output logic        stale_valid,
    output logic        out_valid,
    output logic        out_enable,
    output logic        out_data_alive,
    output logic [ 6:0] out_jitter,
    output logic [13:0] out_length,
    output logic [29:0] out_interval,
    output logic [30:0] out_suspect,
    output logic [30:0] out_detect,
    output logic [ 2:0] out_state,
    output logic [ 2:0] out_told,
    output logic [31:0] out_due,
    output logic [31:0] out_heard,
    output logic [29:0] out_number,
    output logic [31:0] out_outstanding,
    output logic [ 3:0] out_burst,
    output logic [31:0] out_rtt,
    output logic [29:0] out_probes,
    output logic        out_many,
    output logic [31:0] out_replies,
    output logic [ 2:0] report_state,
    output logic [31:0] report_rtt,
    output logic [29:0] report_probes,
    output logic [31:0] report_replies,
    output logic [31:0] report_heard,
    output logic        request,
    output logic [29:0] request_number,
    output logic        told_now,
    output logic [ 2:0] previous,
    output logic [ 1:0] verdict
);

  prober_pkg::operation_t begun;
  prober_pkg::operands_t operands;
  prober_pkg::outcome_t outcome;
  /* verilator lint_off UNUSEDSIGNAL */  // the kind passes through
  prober_pkg::operation_t ended;
  /* verilator lint_on UNUSEDSIGNAL */
  prober_pkg::stale_t stale;

  // Another SA in each cycle, and those of the cycles before.
  sa_pkg::sa_t [5:0] sa;
  always_ff @(posedge clk) sa <= {sa[4:0], sa[0] + 16'd1};

  assign begun = {
    valid, kind, sa[0], enable, data_alive, jitter, length, interval, suspect, detect, state, told, due, heard, number, outstanding,
    burst, rtt, probes, many, replies
  };
  assign operands = {
    config_enable, config_data_alive, config_jitter, config_length, config_interval, config_suspect, config_detect, count,
    reply_number, age
  };
  assign stale_valid = stale.valid;
  assign out_valid = ended.valid;
  assign {out_enable, out_data_alive, out_jitter, out_length, out_interval, out_suspect, out_detect, out_state, out_told, out_due,
          out_heard, out_number, out_outstanding, out_burst, out_rtt, out_probes, out_many, out_replies} = ended.entry;
  assign {report_state, report_rtt, report_probes, report_replies, report_heard} = outcome.report;
  assign request = outcome.probe;
  assign request_number = outcome.number;
  assign told_now = outcome.change;
  assign previous = outcome.previous;
  assign verdict = outcome.verdict;

  // Damaged entries: prober_fault_test.cpp.
  sa_pkg::fault_t entry_fault, data_fault;
  wire unused = &{1'b0, entry_fault, data_fault};

  probe_step u_dut (
      .data('{seen: data_seen, tick: data_tick}),
      .data_damaged(1'b0),
      .begun_check(^begun.entry),
      .*
  );

  `SAPULSE_ASSERT(clk, rst, !(ended.valid && ended.sa != sa[5]), "the SA was lost on the way")
  `SAPULSE_ASSERT(clk, rst, !(stale.valid && stale.sa != sa[1]), "another SA is to be forgotten")

endmodule

`default_nettype wire
