// SPDX-License-Identifier: Apache-2.0
// open_gate with numbers for beats.
`default_nettype none
`include "sapulse_assert.svh"

module open_gate_bench (
    input wire clk,
    input wire rst,

    input  wire         plain_valid,
    output logic        plain_ready,
    input  wire  [31:0] plain_data,
    input  wire         plain_last,

    input  wire         fate_valid,
    output logic        fate_ready,
    input  wire         fate_reply,
    input  wire         fate_match,
    input  wire         fate_host,
    input  wire         fate_moved,
    input  wire  [ 5:0] fate_counter,
    input  wire  [ 7:0] fate_message,
    input  wire         fate_epoch,

    input  wire         context_valid,
    output logic        context_ready,
    input  wire         context_usable,
    input  wire  [ 1:0] copies,

    output logic        reply_job_valid,
    input  wire         reply_job_ready,
    output logic        match_job_valid,
    input  wire         match_job_ready,
    output logic        match_copy,
    output logic        host_job_valid,
    input  wire         host_job_ready,
    output logic        host_copy,
    output logic        reply_valid,
    input  wire         reply_ready,
    output logic        match_valid,
    input  wire         match_ready,
    output logic        host_valid,
    input  wire         host_ready,
    output logic [31:0] data,
    output logic        out_last,

    output logic        limit_valid,
    output logic [ 4:0] limit_cause,
    input  wire         limit_grant,
    input  wire         limit_pass,
    output logic        copy_lost,

    output logic        end_valid,
    output logic        end_leaves,
    output logic [ 5:0] end_counter,
    output logic        end_epoch
);

  localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES;

  stream_if #(sapulse_pkg::payload_beat) opened (), reply (), match (), plain ();
  stream_if #(datapath_pkg::fate_t) fate ();
  stream_if #(sa_pkg::reply_ctx_t) reply_ctx ();
  stream_if #(datapath_pkg::reply_job_t) reply_job ();
  stream_if #(datapath_pkg::control_job_t) match_job (), plain_job ();
  limit_if limit ();
  datapath_pkg::ending_t gate_end;
  sa_pkg::passage_t leave;
  logic copied;

  assign opened.valid = plain_valid;
  assign plain_ready = opened.ready;
  assign opened.data = '{last: plain_last, data: DATA_W'(plain_data)};
  assign fate.valid = fate_valid;
  assign fate_ready = fate.ready;
  assign reply_ctx.valid = context_valid;
  assign context_ready = reply_ctx.ready;
  always_comb begin
    fate.data = '0;
    fate.data.reply = fate_reply;
    fate.data.match = fate_match;
    fate.data.host = fate_host;
    fate.data.moved = fate_moved;
    fate.data.counter = fate_counter;
    fate.data.job.job.epoch = fate_epoch;
    fate.data.message = fate_message;
    reply_ctx.data = '0;
    reply_ctx.data.usable = context_usable;
  end

  assign reply_job_valid = reply_job.valid;
  assign reply_job.ready = reply_job_ready;
  assign match_job_valid = match_job.valid;
  assign match_job.ready = match_job_ready;
  assign match_copy = match_job.data.job.copy;
  assign host_job_valid = plain_job.valid;
  assign plain_job.ready = host_job_ready;
  assign host_copy = plain_job.data.job.copy;
  assign reply_valid = reply.valid;
  assign reply.ready = reply_ready;
  assign match_valid = match.valid;
  assign match.ready = match_ready;
  assign host_valid = plain.valid;
  assign plain.ready = host_ready;
  assign data = host_valid ? plain.data.data[31:0] : match_valid ? match.data.data[31:0] : reply.data.data[31:0];
  assign out_last = host_valid ? plain.data.last : match_valid ? match.data.last : reply.data.last;

  assign limit_valid = limit.valid;
  assign limit_cause = limit.cause;
  assign limit.grant = limit_grant;
  assign limit.pass = limit_pass;
  assign end_valid = gate_end.valid;
  assign end_counter = gate_end.counter;
  assign end_leaves = leave.valid;
  assign end_epoch = leave.epoch;

  open_gate u_dut (
      .clk, .rst,
      .opened, .fate, .reply_ctx,
      .reply_job, .reply,
      .match_job, .match,
      .plain_job, .plain,
      .copies, .copied, .copy_lost, .limit,
      .gate_end, .leave,
      .fifo_fault()
  );

  // A job for the host has the cause that the limiter was asked about; the control path is told of one for a copy.
  `SAPULSE_ASSERT(clk, rst, !plain_job.valid || plain_job.data.job.cause == limit.cause, "open_gate: wrong cause")
  `SAPULSE_ASSERT(clk, rst, !(match_job.valid && match_copy) || match_job.data.job.cause == sapulse_pkg::CAUSE_PEER_MOVED,
                  "open_gate: wrong cause of a reply")
  `SAPULSE_ASSERT(clk, rst, copied == (plain_job.valid && plain_job.data.job.copy), "open_gate: wrong copy")

endmodule

`default_nettype wire
