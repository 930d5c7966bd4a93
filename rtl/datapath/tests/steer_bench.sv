// SPDX-License-Identifier: Apache-2.0
// steer with the fields that its test sets and looks at as plain ports. The frame's number travels as sequence number and as
// arrival time, so that the test can tell what belongs together.
`default_nettype none

module steer_bench (
    input wire clk,
    input wire rst,

    input  wire          beat_valid,
    output logic         beat_ready,
    input  wire  [ 31:0] beat_data,
    input  wire  [ 63:0] beat_keep,
    input  wire          beat_last,
    input  wire          beat_user,
    input  wire          decision_valid,
    output logic         decision_ready,
    input  wire          pass,
    input  wire          take,
    input  wire          copy,
    input  wire          is_fragment,
    input  wire          limited,
    input  wire          data_seen,
    input  wire  [  5:0] drop,
    input  wire  [  1:0] route,
    input  wire          epoch,
    input  wire  [ 16:0] ip_end,
    input  wire  [ 31:0] number,

    output logic         core_valid,
    input  wire          core_ready,
    output logic [ 31:0] core_data,
    output logic         core_last,
    output logic         core_user,

    output logic         control_valid,
    output logic [ 31:0] control_data,
    output logic         control_last,
    output logic         control_drop,
    input  wire          control_overflow,
    output logic         job_valid,
    input  wire          job_ready,
    output logic [ 31:0] job_received,
    output logic [ 15:0] job_length,

    output logic        result_valid,
    output logic [ 5:0] result,
    output logic        fragment,
    output logic        copy_lost,
    output logic        leave_valid,
    output logic        leave_epoch,
    output logic        data_valid,
    output logic [31:0] data_sequence
);

  datapath_pkg::decision_t decision;
  sapulse_pkg::record_t record;
  /* verilator lint_off UNUSEDSIGNAL */
  datapath_pkg::control_job_t job;
  logic [577:0] core_beat;
  logic [datapath_pkg::BEAT_BITS-1:0] control_beat;
  logic [datapath_pkg::SA_BITS-1:0] data_sa;
  /* verilator lint_on UNUSEDSIGNAL */

  always_comb begin
    record = '0;
    record.l4.ip_end = ip_end;
    record.l4.seq = number;
    decision = '0;
    decision.pass = pass;
    decision.take = take;
    decision.fragment = is_fragment;
    decision.limited = limited;
    decision.data_seen = data_seen;
    decision.drop = drop;
    decision.job.route = route;
    decision.job.copy = copy;
    decision.job.epoch = epoch;
    decision.job.record = record;
  end

  steer dut (
      .clk,
      .rst,
      .beat_valid,
      .beat_ready,
      .beat({beat_user, beat_last, beat_keep, 480'd0, beat_data}),
      .decision_valid,
      .decision_ready,
      .decision,
      .received({32'd0, number}),
      .core_valid,
      .core_ready,
      .core_beat,
      .control_valid,
      .control_beat,
      .control_last,
      .control_drop,
      .control_overflow,
      .job_valid,
      .job_ready,
      .job,
      .result_valid,
      .result,
      .fragment,
      .copy_lost,
      .leave_valid,
      .leave_epoch,
      .data_valid,
      .data_sa,
      .data_sequence
  );

  assign core_data = core_beat[31:0];
  assign core_last = core_beat[576];
  assign core_user = core_beat[577];
  assign control_data = control_beat[31:0];
  assign job_received = job.received[31:0];
  assign job_length = job.frame_length;

endmodule

`default_nettype wire
