// SPDX-License-Identifier: Apache-2.0
// exception_builder with the fields of its jobs in flat words, as exception_builder_test.cpp lays them out.
`default_nettype none

module exception_builder_bench #(
    localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES
) (
    input wire clk,
    input wire rst,

    input  wire               raw_job_valid,
    output logic              raw_job_ready,
    input  wire  [1023:0]     raw_fields,
    input  wire               raw_valid,
    output logic              raw_ready,
    input  wire  [DATA_W-1:0] raw_data,
    input  wire               raw_last,
    input  wire               plain_job_valid,
    output logic              plain_job_ready,
    input  wire  [1023:0]     plain_fields,
    input  wire               plain_valid,
    output logic              plain_ready,
    input  wire  [DATA_W-1:0] plain_data,
    input  wire               plain_last,

    input  wire               room,
    output logic              out_valid,
    output logic [DATA_W-1:0] out_data,
    output logic              out_first,
    output logic              out_last,
    output logic              out_copy,
    output logic              out_entered,
    output logic              out_epoch,

    input  wire               hold,
    output logic              lost_valid,
    output logic              lost_copy,
    output logic              lost_entered,
    output logic              lost_epoch
);

  /* verilator lint_off UNUSEDSIGNAL */  // words have gaps
  function automatic datapath_pkg::control_job_t job_of(input logic [1023:0] f);
    /* verilator lint_on UNUSEDSIGNAL */
    sapulse_pkg::record_t       record;
    datapath_pkg::control_job_t job;
    record = '0;
    record.l4.spi = f[31:0];
    record.l4.seq = f[63:32];
    record.control.subject = f[95:64];
    record.control.nested_seq = f[127:96];
    record.control.n = f[191:128];
    record.control.transaction = f[223:192];
    record.control.token_nonce = f[479:416];
    record.control.no_answer = f[480];
    record.l4.limit = f[240:224];
    record.control.length = f[287:272];
    record.l4.encap = f[289:288];
    record.l3.v6 = f[290];
    record.l2.tags = f[292:291];
    record.control.message = f[303:296];
    record.l4.offset = f[311:304];
    record.l3.src = f[639:512];
    record.l3.dst = f[767:640];
    record.l2.src = f[815:768];
    record.l2.dst = f[863:816];
    record.l2.tag0 = f[895:864];
    record.l2.tag1 = f[927:896];
    record.l4.sport = f[943:928];
    record.l4.dport = f[959:944];
    job = '0;
    job.frame_length = f[271:256];
    job.job.cause = f[316:312];
    job.job.copy = f[317];
    job.job.epoch = f[318];
    job.job.sa = f[335:320];
    record.control.code = f[343:336];
    job.received = f[415:352];
    job.job.record = record;
    job_of = job;
  endfunction

  stream_if #(datapath_pkg::control_job_t) raw_job (), plain_job ();
  stream_if #(sapulse_pkg::payload_beat) raw (), plain ();
  stream_if #(datapath_pkg::exception_beat_t) built ();
  datapath_pkg::ending_t lost;
  sa_pkg::passage_t lost_leave;
  logic begun;

  assign raw_job.valid = raw_job_valid;
  assign raw_job_ready = raw_job.ready;
  assign raw_job.data = job_of(raw_fields);
  assign raw.valid = raw_valid;
  assign raw_ready = raw.ready;
  assign raw.data = '{last: raw_last, data: raw_data};
  assign plain_job.valid = plain_job_valid;
  assign plain_job_ready = plain_job.ready;
  assign plain_job.data = job_of(plain_fields);
  assign plain.valid = plain_valid;
  assign plain_ready = plain.ready;
  assign plain.data = '{last: plain_last, data: plain_data};

  exception_builder u_dut (.clk, .rst, .raw_job, .raw, .plain_job, .plain, .built, .begun, .room, .hold, .lost, .lost_leave);

  assign built.ready = 1'b1;
  assign out_valid = built.valid;
  assign out_first = begun;
  assign out_data = built.data.beat.data;
  assign out_last = built.data.beat.last;
  assign out_copy = built.data.copy;
  assign out_entered = built.data.entered;
  assign out_epoch = built.data.epoch;
  assign lost_valid = lost.valid;
  assign lost_copy = lost.counter == sapulse_pkg::COUNTER_COPIES_LIMITED;
  assign lost_entered = lost_leave.valid;
  assign lost_epoch = lost_leave.epoch;

endmodule

`default_nettype wire
