// SPDX-License-Identifier: Apache-2.0
// Nested packets: open, judge, answer. Kernels open and respond with what stands between them.
//
// nested, ping: from dispatch; cipher: nested packets from align. key, window, answer_context: sa_tables.
// match_job, match: replies to requests of the card, to the requester. plain_job, plain: opened packets for exception_builder.
// copies to leave: see open_gate. replied: answers, with their seal_order: to seal_path.
// fifo_fault: of one of the FIFOs or kernels in here; see sync_fifo.
`default_nettype none

module ping_path (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    stream_if.sink nested,  // nested_t
    stream_if.sink ping,    // control_job_t
    stream_if.sink cipher,  // payload_beat

    sa_key_if.client     key,
    sa_window_if.client  window,
    sa_context_if.client answer_context,

    stream_if.source match_job,  // control_job_t
    stream_if.source match,      // payload_beat
    stream_if.source plain_job,  // control_job_t
    stream_if.source plain,      // payload_beat

    input wire [1:0]              copies,
    output logic                  copied,
    output logic                  copy_lost,
    limit_if.client               limit,
    output datapath_pkg::ending_t gate_end,
    output sa_pkg::passage_t      leave,

    stream_if.source replied,    // payload_beat
    stream_if.source seal_order,  // seal_order_t

    output logic fifo_fault
);

  logic [7:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  // Packets between the verdict of open and the start of their answer: the time that window and contexts take.
  localparam int unsigned JUDGED = 16;
  // Packets between dispatch and the verdict of open.
  localparam int unsigned OPENING = 32;

  stream_if #(sapulse_pkg::open_job) open_job ();
  stream_if #(sapulse_pkg::payload_beat) opened (), reply ();
  stream_if #(sapulse_pkg::open_verdict) verdict ();
  stream_if #(datapath_pkg::control_job_t) opening ();
  sa_pkg::hope_t hope;
  stream_if #(sa_pkg::sa_t) want ();
  stream_if #(datapath_pkg::fate_t) fate ();
  stream_if #(sa_pkg::reply_ctx_t) reply_ctx ();
  stream_if #(datapath_pkg::reply_job_t) reply_job ();
  stream_if #(sapulse_pkg::respond_job) respond_job ();

  open_jobs u_open_jobs (.clk, .rst, .nested, .key, .open_job, .fifo_fault(fifo_faults[0]));

  open u_open (
      .ap_clk(clk), .ap_rst_n(!rst),
      .job_tdata(open_job.data), .job_tvalid(open_job.valid), .job_tready(open_job.ready),
      .cipher_tdata(cipher.data), .cipher_tvalid(cipher.valid), .cipher_tready(cipher.ready),
      .plain_tdata(opened.data), .plain_tvalid(opened.valid), .plain_tready(opened.ready),
      .verdict_tdata(verdict.data), .verdict_tvalid(verdict.valid), .verdict_tready(verdict.ready),
      .memory_fault(fifo_faults[6])
  );

  sync_fifo #(.DEPTH(OPENING)) u_opening (.clk, .rst, .in(ping), .out(opening), .fault(fifo_faults[1]));

  open_verdicts #(
      .DEPTH(JUDGED),
      .OPENING(OPENING)
  ) u_verdicts (
      .clk, .rst,
      .ping(opening), .verdict,
      .ended(opened.valid && opened.ready && opened.data.last),
      .window, .hope, .want, .fate,
      .fifo_fault(fifo_faults[2])
  );

  reply_contexts #(.DEPTH(JUDGED)) u_contexts (.clk, .rst, .hope, .want, .answer_context, .reply_ctx, .fifo_fault(fifo_faults[3]));

  open_gate u_gate (
      .clk, .rst,
      .opened, .fate, .reply_ctx,
      .reply_job, .reply,
      .match_job, .match,
      .plain_job, .plain,
      .copies, .copied, .copy_lost, .limit,
      .gate_end, .leave,
      .fifo_fault(fifo_faults[4])
  );

  reply_start u_start (.clk, .rst, .now, .reply_job, .respond_job, .seal_order, .fifo_fault(fifo_faults[5]));

  respond u_respond (
      .ap_clk(clk), .ap_rst_n(!rst),
      .job_tdata(respond_job.data), .job_tvalid(respond_job.valid), .job_tready(respond_job.ready),
      .plain_tdata(reply.data), .plain_tvalid(reply.valid), .plain_tready(reply.ready),
      .reply_tdata(replied.data), .reply_tvalid(replied.valid), .reply_tready(replied.ready),
      .memory_fault(fifo_faults[7])
  );

endmodule

`default_nettype wire
