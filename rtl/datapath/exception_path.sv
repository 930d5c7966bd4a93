// SPDX-License-Identifier: Apache-2.0
// Frames and opened packets for the host, on their way to host_interface: exception_builder and exception_queue.
//
// raw_job, raw, plain_job, plain: see exception_builder; moved_job: another plain_job, without packet. exceptions: see
// host_interface.
// exception_end, exception_lost: a frame ends here; at most one each a cycle. leave: it had entered in that epoch.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none

module exception_path (
    input wire clk,
    input wire rst,

    stream_if.sink raw_job,    // control_job_t
    stream_if.sink raw,        // payload_beat
    stream_if.sink plain_job,  // control_job_t
    stream_if.sink plain,      // payload_beat
    stream_if.sink moved_job,  // control_job_t

    ring_entry_if.source exceptions,

    output datapath_pkg::ending_t exception_end,
    output datapath_pkg::ending_t exception_lost,
    output sa_pkg::passage_t      leave,

    output logic fifo_fault
);

  logic [2:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  // Two jobs each: the one in the builder's hands and the next.
  stream_if #(datapath_pkg::control_job_t) raw_head (), any_plain (), plain_head ();
  localparam int unsigned HEAD_BITS = datapath_pkg::JOB_HEAD_BITS;
  sync_fifo #(.DEPTH(2), .HEAD_BITS(HEAD_BITS)) u_raw_jobs (.clk, .rst, .in(raw_job), .out(raw_head), .fault(fifo_faults[0]));
  assign any_plain.valid = plain_job.valid || moved_job.valid;
  assign any_plain.data = plain_job.valid ? plain_job.data : moved_job.data;
  assign plain_job.ready = any_plain.ready;
  assign moved_job.ready = any_plain.ready && !plain_job.valid;
  sync_fifo #(.DEPTH(2), .HEAD_BITS(HEAD_BITS)) u_plain_jobs (.clk, .rst, .in(any_plain), .out(plain_head), .fault(fifo_faults[1]));

  stream_if #(datapath_pkg::exception_beat_t) built ();
  sa_pkg::passage_t done_leave, lost_leave;
  logic begun, room;

  // One leave port for both: the builder waits when the queue needs it.
  exception_builder u_builder (
      .clk, .rst,
      .raw_job(raw_head), .raw,
      .plain_job(plain_head), .plain,
      .built, .begun, .room,
      .hold(done_leave.valid),
      .lost(exception_lost), .lost_leave
  );

  exception_queue u_queue (
      .clk, .rst,
      .built, .begun, .room,
      .exceptions,
      .done(exception_end), .done_leave,
      .fifo_fault(fifo_faults[2])
  );

  assign leave.valid = done_leave.valid || lost_leave.valid;
  assign leave.epoch = done_leave.valid ? done_leave.epoch : lost_leave.epoch;

endmodule

`default_nettype wire
