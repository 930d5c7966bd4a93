// SPDX-License-Identifier: Apache-2.0
// Everything behind steer: frames for the card wait in u_control_fifo, then become answers, exceptions, or nothing.
//
// control, job: see steer. key, window, answer_context: sa_tables. copies, limit, copy_lost: see open_gate.
// exceptions: see host_interface.
// match_job, match: replies to requests of the card; matched: one of them has ended. moved_job: the peer of one has moved.
// request, request_order: messages of the card's own, see seal_path. frame, answer: see answer_path.
// endings: frames that end here: in open_gate (0); exceptions that are handed over or dropped (1), and those without room (2).
// leave: of the packets that open_gate ends (0) and of the exceptions (1).
// load: frames that are in here.
// fifo_fault: of one of the FIFOs or kernels in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module control_path (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    frame_write_if.sink control,
    stream_if.sink      job,  // control_job_t

    sa_key_if.client     key,
    sa_window_if.client  window,
    sa_context_if.client answer_context,

    input wire [1:0]     copies,
    output logic         copy_lost,
    limit_if.client      limit,
    ring_entry_if.source exceptions,

    stream_if.source match_job,  // control_job_t
    stream_if.source match,      // payload_beat
    stream_if.sink   moved_job,  // control_job_t
    input wire       matched,

    stream_if.sink request,        // payload_beat
    stream_if.sink request_order,  // seal_order_t

    stream_if.source frame,  // axis_beat
    stream_if.source answer,  // answer_t

    output datapath_pkg::ending_t [2:0] endings,
    output sa_pkg::passage_t [1:0]      leave,
    output datapath_pkg::control_load_t load,

    output logic fifo_fault
);

  logic [10:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  // Cuts between dispatch and the last beat that align writes.
  localparam int unsigned CUTS = 16;
  // Frames in the whole control path: in u_control_fifo and behind it.
  localparam int unsigned FRAMES_W = 10;
  // As many as reply_fifo holds: they leave u_control_fifo to others, however slow line TX is.
  localparam logic [FRAMES_W-1:0] CROWD = FRAMES_W'(64);

  stream_if #(sapulse_pkg::axis_beat) waiting_frame (), align ();
  stream_if #(sapulse_pkg::payload_beat) raw (), payload (), cipher (), echo_request (), echo (), plain (), replied (), sealed ();
  stream_if #(datapath_pkg::control_job_t) waiting_job (), raw_job (), ping (), echo_job (), plain_job ();
  stream_if #(sapulse_pkg::align_job) new_align_job (), align_job ();
  stream_if #(datapath_pkg::nested_t) nested ();
  stream_if #(logic) new_cut (), cut ();  // 1: a clear echo
  stream_if #(datapath_pkg::seal_order_t) seal_order ();
  stream_if #(sapulse_pkg::icv_t) sealed_icv ();
  stream_if #(datapath_pkg::header_order_t) sealed_header (), echo_header ();

  frame_fifo #(
      .DEPTH(datapath_pkg::CONTROL_BEATS)
  ) u_control_fifo (.clk, .rst, .in(control), .out(waiting_frame), .fault(fifo_faults[0]));
  sync_fifo #(
      .DEPTH(datapath_pkg::CONTROL_FRAMES),
      .HEAD_BITS($bits(datapath_pkg::route_t))
  ) u_jobs (.clk, .rst, .in(job), .out(waiting_job), .fault(fifo_faults[1]));

  dispatch u_dispatch (
      .clk, .rst,
      .job(waiting_job), .frame(waiting_frame),
      .raw_job, .raw,
      .align_job(new_align_job), .align,
      .nested, .ping,
      .echo(echo_job),
      .cut(new_cut),
      .fifo_fault(fifo_faults[2])
  );

  // align, and where its cuts go.
  sync_fifo #(.DEPTH(4)) u_align_jobs (.clk, .rst, .in(new_align_job), .out(align_job), .fault(fifo_faults[3]));

  align u_align (
      .ap_clk(clk), .ap_rst_n(!rst),
      .job_tdata(align_job.data), .job_tvalid(align_job.valid), .job_tready(align_job.ready),
      .frame_tdata(align.data), .frame_tvalid(align.valid), .frame_tready(align.ready),
      .payload_tdata(payload.data), .payload_tvalid(payload.valid), .payload_tready(payload.ready),
      .memory_fault(fifo_faults[10])
  );

  sync_fifo #(.DEPTH(CUTS)) u_cuts (.clk, .rst, .in(new_cut), .out(cut), .fault(fifo_faults[4]));
  assign cut.ready = payload.valid && payload.ready && payload.data.last;
  assign payload.ready = cut.valid && (cut.data ? echo_request.ready : cipher.ready);
  assign cipher.valid = payload.valid && cut.valid && !cut.data;
  assign cipher.data = payload.data;
  assign echo_request.valid = payload.valid && cut.valid && cut.data;
  assign echo_request.data = payload.data;

  echo_start u_echo (.clk, .rst, .echo(echo_job), .echo_header, .request(echo_request), .reply(echo), .fifo_fault(fifo_faults[5]));

  logic copied;

  ping_path u_ping (
      .clk, .rst, .now,
      .nested, .ping, .cipher,
      .key, .window, .answer_context,
      .match_job, .match,
      .plain_job, .plain,
      .copies, .copied, .copy_lost, .limit,
      .gate_end(endings[0]),
      .leave(leave[0]),
      .replied, .seal_order,
      .fifo_fault(fifo_faults[6])
  );

  seal_path u_seal (
      .clk, .rst,
      .replied, .seal_order,
      .request, .request_order,
      .sealed, .sealed_icv, .sealed_header,
      .fifo_fault(fifo_faults[7])
  );

  answer_path u_answer (
      .clk, .rst,
      .sealed, .sealed_header, .sealed_icv,
      .echo, .echo_header,
      .frame, .answer,
      .fifo_fault(fifo_faults[8])
  );

  exception_path u_exception (
      .clk, .rst,
      .raw_job, .raw,
      .plain_job, .plain, .moved_job,
      .exceptions,
      .exception_end(endings[1]),
      .exception_lost(endings[2]),
      .leave(leave[1]),
      .fifo_fault(fifo_faults[9])
  );

  // Frames in here: each that comes in ends in exactly one way. A copy that open_gate or reply_match makes counts as one more. All
  // but the frames that come in are counted a cycle later, behind a register.
  logic [FRAMES_W-1:0] frames;
  logic [4:0] ended;
  logic [1:0] copies_made;
  logic [2:0] ends;
  logic [1:0] begins;
  assign begins = 2'(job.valid) + 2'(copies_made[0]) + 2'(copies_made[1]);
  assign ends = 3'(ended[0]) + 3'(ended[1]) + 3'(ended[2]) + 3'(ended[3]) + 3'(ended[4]);

  always_ff @(posedge clk) begin
    copies_made <= {copied, moved_job.valid && moved_job.ready};
    ended <= {endings[0].valid, endings[1].valid, endings[2].valid, matched, answer.ready && answer.data.from_line};
    frames <= frames + FRAMES_W'(begins) - FRAMES_W'(ends);
    if (rst) begin
      copies_made <= '0;
      ended <= '0;
      frames <= '0;
    end
  end
  logic crowded;
  always_ff @(posedge clk) crowded <= control.half || frames >= CROWD;
  assign load = '{
    idle: frames == '0,
    crowded: crowded,
    left: waiting_frame.valid && waiting_frame.ready && waiting_frame.data.last
  };

  `SAPULSE_ASSERT(clk, rst, frames >= FRAMES_W'(ends), "control_path: a frame has ended twice")
  `SAPULSE_ASSERT(clk, rst, !(&frames), "control_path: too many frames to count")
  `SAPULSE_ASSERT(clk, rst, !(job.valid && !control.ready && control.overflow), "control_path: a job without its frame")

endmodule

`default_nettype wire
