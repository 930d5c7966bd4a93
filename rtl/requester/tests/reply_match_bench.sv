// SPDX-License-Identifier: Apache-2.0
// reply_match with the structs' members that matter as ports.
`default_nettype none
`include "sapulse_assert.svh"

module reply_match_bench (
    input wire clk,
    input wire rst,

    input  wire  [ 29:0] seed,

    input  wire          job_valid,
    output logic         job_ready,
    input  wire  [ 15:0] job_sa,
    input  wire  [ 31:0] job_transaction,
    input  wire          job_epoch,
    input  wire          job_moved,
    input  wire  [ 63:0] job_n,
    input  wire  [ 15:0] job_frame_length,
    input  wire  [ 63:0] job_received,
    input  wire          beat_valid,
    output logic         beat_ready,
    input  wire  [511:0] beat_data,
    input  wire          beat_last,

    output logic         ping_valid,
    input  wire          ping_ready,
    input  wire          ping_verdict_valid,
    input  wire  [  1:0] ping_result,
    output logic         probe_valid,
    input  wire          probe_ready,
    input  wire          probe_verdict_valid,
    input  wire  [  1:0] probe_result,
    output logic [ 15:0] reply_sa,
    output logic [ 31:0] reply_transaction,
    output logic [ 63:0] reply_n,
    output logic [ 15:0] reply_frame_length,
    output logic [ 63:0] reply_t_arrival,
    output logic [  7:0] reply_flags,
    output logic [ 63:0] reply_t_origin,
    output logic [ 63:0] reply_t_receive,
    output logic [ 63:0] reply_t_transmit,
    output logic [ 31:0] reply_data_sequence,
    output logic [127:0] reply_token,
    output logic [ 63:0] reply_token_nonce,

    output logic        moved_valid,
    input  wire         moved_ready,
    output logic [63:0] moved_n,

    output logic        end_valid,
    output logic [ 5:0] end_counter,
    output logic        end_epoch
);

  stream_if #(datapath_pkg::control_job_t) match_job (), moved_job ();
  stream_if #(sapulse_pkg::payload_beat) match ();
  stream_if #(requester_pkg::reply_t) ping_reply ();
  stream_if #(prober_pkg::probe_reply_t) probe_reply ();
  datapath_pkg::ending_t match_end;
  sa_pkg::passage_t leave;

  assign match_job.valid = job_valid;
  assign job_ready = match_job.ready;
  always_comb begin
    match_job.data = '0;
    match_job.data.received = job_received;
    match_job.data.frame_length = job_frame_length;
    match_job.data.job.sa = job_sa;
    match_job.data.job.epoch = job_epoch;
    match_job.data.job.copy = job_moved;
    match_job.data.job.record.control.transaction = job_transaction;
    match_job.data.job.record.control.n = job_n;
  end
  assign match.valid = beat_valid;
  assign beat_ready = match.ready;
  assign match.data = '{last: beat_last, data: beat_data};

  assign ping_valid = ping_reply.valid;
  assign ping_reply.ready = ping_ready;
  assign probe_valid = probe_reply.valid;
  assign probe_reply.ready = probe_ready;
  assign reply_sa = ping_reply.data.sa;
  assign reply_transaction = ping_reply.data.transaction;
  assign reply_n = ping_reply.data.n;
  assign reply_frame_length = ping_reply.data.frame_length;
  assign reply_t_arrival = ping_reply.data.t_arrival;
  assign reply_flags = ping_reply.data.flags;
  assign reply_t_origin = ping_reply.data.t_origin;
  assign reply_t_receive = ping_reply.data.t_receive;
  assign reply_t_transmit = ping_reply.data.t_transmit;
  assign reply_data_sequence = ping_reply.data.data_sequence;
  assign reply_token = ping_reply.data.token;
  assign reply_token_nonce = ping_reply.data.token_nonce;

  assign moved_valid = moved_job.valid;
  assign moved_job.ready = moved_ready;
  assign moved_n = moved_job.data.job.record.control.n;
  assign {end_valid, end_counter} = match_end;
  assign end_epoch = leave.epoch;

  reply_match u_dut (
      .clk, .rst, .seed,
      .match_job, .match,
      .ping_reply,
      .ping_verdict({ping_verdict_valid, ping_result}),
      .probe_reply,
      .probe_verdict({probe_verdict_valid, probe_result}),
      .moved_job,
      .match_end, .leave,
      .fifo_fault()
  );

  `SAPULSE_ASSERT(clk, rst, leave.valid == match_end.valid, "a frame ends and leaves at once")
  `SAPULSE_ASSERT(clk, rst, !probe_reply.valid || probe_reply.data == {ping_reply.data.sa, ping_reply.data.transaction[29:0],
                  ping_reply.data.t_origin, ping_reply.data.t_arrival}, "the prober is asked about another reply")

endmodule

`default_nettype wire
