// SPDX-License-Identifier: Apache-2.0
// reply_match with the structs' members that matter as ports.
`default_nettype none

module reply_match_bench (
    input wire clk,
    input wire rst,

    input  wire          job_valid,
    output logic         job_ready,
    input  wire  [ 15:0] job_sa,
    input  wire  [ 31:0] job_transaction,
    input  wire          job_epoch,
    input  wire  [ 63:0] job_n,
    input  wire  [ 15:0] job_frame_length,
    input  wire  [ 63:0] job_received,
    input  wire          beat_valid,
    output logic         beat_ready,
    input  wire  [511:0] beat_data,
    input  wire          beat_last,

    output logic         ping_valid,
    input  wire          ping_ready,
    input  wire          ping_result_valid,
    input  wire  [  1:0] ping_result,
    output logic         probe_valid,
    input  wire          probe_ready,
    input  wire          verdict_valid,
    input  wire  [  1:0] verdict,
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

    output logic        end_valid,
    output logic [ 5:0] end_counter,
    output logic        end_epoch
);

  sapulse_types_pkg::record_t record;
  datapath_pkg::control_job_t job;
  /* verilator lint_off UNUSEDSIGNAL */  // consistent and epoch show in what happens
  requester_pkg::reply_t reply;
  /* verilator lint_on UNUSEDSIGNAL */

  always_comb begin
    record = '0;
    record.control.transaction = job_transaction;
    record.control.n = job_n;
    job = '0;
    job.received = job_received;
    job.frame_length = job_frame_length;
    job.job.sa = job_sa;
    job.job.epoch = job_epoch;
    job.job.record = record;
  end
  assign reply_sa = reply.sa;
  assign reply_transaction = reply.transaction;
  assign reply_n = reply.n;
  assign reply_frame_length = reply.frame_length;
  assign reply_t_arrival = reply.t_arrival;
  assign reply_flags = reply.flags;
  assign reply_t_origin = reply.t_origin;
  assign reply_t_receive = reply.t_receive;
  assign reply_t_transmit = reply.t_transmit;
  assign reply_data_sequence = reply.data_sequence;
  assign reply_token = reply.token;

  reply_match dut (.*);

endmodule

`default_nettype wire
