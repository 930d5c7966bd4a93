// SPDX-License-Identifier: Apache-2.0
// prober_commands with the fields of its structures as ports.
`default_nettype none

module prober_commands_bench (
    input  wire           clk,
    input  wire           rst,
    input  wire           ready,
    input  wire           cmd_valid,
    output logic          cmd_ready,
    input  wire  [2047:0] cmd_descriptor,
    output logic          rsp_valid,
    input  wire           rsp_ready,
    output logic [   7:0] rsp_status,
    output logic [ 511:0] rsp_completion,
    output logic          next_cmd_valid,
    input  wire           next_cmd_ready,
    input  wire           next_rsp_valid,
    output logic          next_rsp_ready,
    input  wire  [   7:0] next_rsp_status,
    input  wire  [ 511:0] next_rsp_completion,
    output logic          command_valid,
    input  wire           command_ready,
    output logic [   1:0] command,
    output logic [   9:0] command_sa,
    output logic          config_enable,
    output logic          config_data_alive,
    output logic [   6:0] config_jitter,
    output logic [  13:0] config_length,
    output logic [  29:0] config_interval,
    output logic [  30:0] config_suspect,
    output logic [  30:0] config_detect,
    output logic [   3:0] command_count,
    input  wire           done_valid,
    input  wire  [   2:0] done_state,
    input  wire  [  31:0] done_rtt,
    input  wire  [  29:0] done_probes,
    input  wire  [  31:0] done_replies,
    input  wire  [  31:0] done_heard
);

  command_if host (), next ();
  stream_if #(prober_pkg::probe_command_t) probe_command ();
  /* verilator lint_off UNUSEDSIGNAL */  // 1024 SAs
  sa_pkg::sa_t sa;
  /* verilator lint_on UNUSEDSIGNAL */
  prober_pkg::probe_done_t probe_done;

  assign host.cmd_valid = cmd_valid;
  assign cmd_ready = host.cmd_ready;
  assign host.descriptor = cmd_descriptor;
  assign rsp_valid = host.rsp_valid;
  assign host.rsp_ready = rsp_ready;
  assign rsp_status = host.status;
  assign rsp_completion = host.completion;

  assign next_cmd_valid = next.cmd_valid;
  assign next.cmd_ready = next_cmd_ready;
  assign next.rsp_valid = next_rsp_valid;
  assign next_rsp_ready = next.rsp_ready;
  assign next.status = next_rsp_status;
  assign next.completion = next_rsp_completion;

  assign command_valid = probe_command.valid;
  assign probe_command.ready = command_ready;
  assign {command, sa, config_enable, config_data_alive, config_jitter, config_length, config_interval, config_suspect,
          config_detect, command_count} = probe_command.data;
  assign command_sa = sa[9:0];
  assign probe_done = {done_valid, done_state, done_rtt, done_probes, done_replies, done_heard};

  prober_commands #(
      .SA_CAPACITY(1024)
  ) u_dut (
      .clk, .rst, .ready,
      .command(host), .next,
      .probe_command, .probe_done
  );

endmodule

`default_nettype wire
