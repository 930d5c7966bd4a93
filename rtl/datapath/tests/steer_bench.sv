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
    input  wire          measure_valid,
    output logic         measure_ready,
    input  wire  [ 15:0] measure_length,
    input  wire          measure_bad,

    output logic         core_valid,
    input  wire          core_ready,
    output logic [ 31:0] core_data,
    output logic         core_last,
    output logic         core_user,

    output logic         control_valid,
    output logic [ 31:0] control_data,
    output logic         control_last,
    output logic         control_keep,
    input  wire          control_overflow,
    input  wire          control_half,
    input  wire          crowded,
    output logic [ 15:0] asked,
    input  wire          over,
    output logic [ 15:0] holder,
    output logic         job_valid,
    input  wire          job_ready,
    output logic [ 31:0] job_received,
    output logic [ 15:0] job_length,

    output logic        done,
    output logic        result_valid,
    output logic [ 5:0] result,
    output logic        fragment,
    output logic        copy_lost,
    output logic        leave_valid,
    output logic        leave_epoch,
    output logic        data_valid,
    output logic [31:0] data_sequence
);

  localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES;

  sapulse_pkg::record_t record;
  stream_if #(sapulse_pkg::axis_beat) frame (), core ();
  stream_if #(datapath_pkg::decision_t) decision ();
  stream_if #(datapath_pkg::measure_t) measure ();
  frame_write_if control ();
  stream_if #(datapath_pkg::control_job_t) job ();
  datapath_pkg::ending_t line_end;
  sa_pkg::passage_t leave;
  /* verilator lint_off UNUSEDSIGNAL */  // whether it is a ping goes the same way
  datapath_pkg::holder_t asked_holder, job_holder;
  /* verilator lint_on UNUSEDSIGNAL */
  /* verilator lint_off UNUSEDSIGNAL */  // the bench looks at the number alone
  sa_pkg::customer_t customer;
  /* verilator lint_on UNUSEDSIGNAL */

  assign frame.valid = beat_valid;
  assign beat_ready = frame.ready;
  assign frame.data = '{user: beat_user, last: beat_last, keep: beat_keep, data: DATA_W'(beat_data)};

  assign decision.valid = decision_valid;
  assign decision_ready = decision.ready;
  always_comb begin
    record = '0;
    record.l4.ip_end = ip_end;
    record.l4.seq = number;
    decision.data = '0;
    decision.data.pass = pass;
    decision.data.take = take;
    decision.data.fragment = is_fragment;
    decision.data.limited = limited;
    decision.data.data_seen = data_seen;
    decision.data.drop = drop;
    decision.data.holder.source = number[7:0];
    decision.data.holder.sa = number[15:8];
    decision.data.job.route = datapath_pkg::route_t'(route);
    decision.data.job.copy = copy;
    decision.data.job.epoch = epoch;
    decision.data.job.record = record;
  end

  assign measure.valid = measure_valid;
  assign measure_ready = measure.ready;
  assign measure.data = '{length: measure_length, bad: measure_bad};

  assign core_valid = core.valid;
  assign core.ready = core_ready;
  assign core_data = core.data.data[31:0];
  assign core_last = core.data.last;
  assign core_user = core.data.user;

  assign control_valid = control.valid;
  assign control_data = control.beat.data[31:0];
  assign control_last = control.beat.last;
  assign control_keep = control.keep;
  assign control.overflow = control_overflow;
  assign control.ready = !control_overflow;
  assign control.half = control_half;
  assign job_valid = job.valid;
  assign job.ready = job_ready;
  assign asked = {asked_holder.sa, asked_holder.source};
  assign holder = {job_holder.sa, job_holder.source};
  assign job_received = job.data.received[31:0];
  assign job_length = job.data.frame_length;

  assign result_valid = line_end.valid;
  assign result = line_end.counter;
  assign leave_valid = leave.valid;
  assign leave_epoch = leave.epoch;
  assign data_valid = customer.valid;
  assign data_sequence = customer.sequence_number;

  steer u_dut (
      .clk, .rst,
      .frame, .decision,
      .received({32'd0, number}),
      .measure,
      .crowded,
      .asked(asked_holder), .over,
      .holder(job_holder),
      .core, .control, .job,
      .done, .line_end, .fragment, .copy_lost, .leave, .customer
  );

endmodule

`default_nettype wire
