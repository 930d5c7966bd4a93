// SPDX-License-Identifier: Apache-2.0
// Frames and opened packets for the host, on their way to host_interface: exception_builder and exception_queue.
//
// raw_*, plain_*: see exception_builder. exc_*: see host_interface.
// done_*, lost_*: a frame ends here, with its counter; at most one each a cycle. leave_*: it had entered in that epoch.
`default_nettype none

module exception_path (
    input wire clk,
    input wire rst,

    input  wire                        raw_job_valid,
    output logic                       raw_job_ready,
    input  datapath_pkg::control_job_t raw_job,
    input  wire                        raw_valid,
    output logic                       raw_ready,
    input  wire  [511:0]               raw_data,
    input  wire                        raw_last,
    input  wire                        plain_job_valid,
    output logic                       plain_job_ready,
    input  datapath_pkg::control_job_t plain_job,
    input  wire                        plain_valid,
    output logic                       plain_ready,
    input  wire  [511:0]               plain_data,
    input  wire                        plain_last,

    input  wire          exc_room,
    output logic         exc_valid,
    input  wire          exc_ready,
    output logic [511:0] exc_data,
    output logic         exc_last,

    output logic       done_valid,
    output logic [5:0] done_counter,
    output logic       lost_valid,
    output logic [5:0] lost_counter,
    output logic       leave_valid,
    output logic       leave_epoch
);

  // Two jobs each: the one in the builder's hands and the next.
  logic raw_head_valid, raw_head_ready, plain_head_valid, plain_head_ready;
  datapath_pkg::control_job_t raw_head, plain_head;

  sync_fifo #(
      .WIDTH($bits(raw_job)),
      .DEPTH(2)
  ) u_raw_jobs (
      .clk,
      .rst,
      .in_valid(raw_job_valid),
      .in_ready(raw_job_ready),
      .in_data(raw_job),
      .out_valid(raw_head_valid),
      .out_ready(raw_head_ready),
      .out_data(raw_head)
  );
  sync_fifo #(
      .WIDTH($bits(plain_job)),
      .DEPTH(2)
  ) u_plain_jobs (
      .clk,
      .rst,
      .in_valid(plain_job_valid),
      .in_ready(plain_job_ready),
      .in_data(plain_job),
      .out_valid(plain_head_valid),
      .out_ready(plain_head_ready),
      .out_data(plain_head)
  );

  logic room, built_valid, built_first, built_last, built_copy, built_entered, built_epoch;
  logic [511:0] built_data;
  logic hold, lost_copy, lost_entered, lost_epoch, done_entered, done_epoch;

  exception_builder u_builder (
      .clk,
      .rst,
      .raw_job_valid(raw_head_valid),
      .raw_job_ready(raw_head_ready),
      .raw_job(raw_head),
      .raw_valid,
      .raw_ready,
      .raw_data,
      .raw_last,
      .plain_job_valid(plain_head_valid),
      .plain_job_ready(plain_head_ready),
      .plain_job(plain_head),
      .plain_valid,
      .plain_ready,
      .plain_data,
      .plain_last,
      .room,
      .out_valid(built_valid),
      .out_data(built_data),
      .out_first(built_first),
      .out_last(built_last),
      .out_copy(built_copy),
      .out_entered(built_entered),
      .out_epoch(built_epoch),
      .hold,
      .lost_valid,
      .lost_copy,
      .lost_entered,
      .lost_epoch
  );

  exception_queue u_queue (
      .clk,
      .rst,
      .room,
      .in_valid(built_valid),
      .in_data(built_data),
      .in_first(built_first),
      .in_last(built_last),
      .in_copy(built_copy),
      .in_entered(built_entered),
      .in_epoch(built_epoch),
      .exc_room,
      .exc_valid,
      .exc_ready,
      .exc_data,
      .exc_last,
      .done_valid,
      .done_counter,
      .done_entered,
      .done_epoch
  );

  // One leave port for both: the builder waits when the queue needs it.
  assign hold = done_valid && done_entered;
  assign leave_valid = hold || (lost_valid && lost_entered);
  assign leave_epoch = hold ? done_epoch : lost_epoch;
  assign lost_counter = lost_copy ? sapulse_pkg::COUNTER_COPIES_LIMITED : sapulse_pkg::COUNTER_DROP_OVERFLOW;

endmodule

`default_nettype wire
