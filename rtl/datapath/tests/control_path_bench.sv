// SPDX-License-Identifier: Apache-2.0
// control_path with stand-ins for the kernels, and an sa_tables that knows every SA and accepts every packet but those of kind 8.
//
// in_*: beats of frames, without back-pressure; in_kind: 0 ping, 1 encrypted reply (for the host), 2 frame for the host, 3
// encrypted reply to a request of the card, 4 clear echo, 5 ping that wants no answer, 6 ping whose peer has moved, 7 reply to a
// request of the card whose peer has moved, 8 replayed ping from elsewhere.
// taken: the frame that ends in this cycle will be dealt with. answered, echoed, delivered, lost, refused, kept: a frame has ended
// as an answer, as one to a clear echo, as an exception, for want of room for one, in the requester (refused), as a keepalive or
// as a replay.
// in_epoch: of the lookup of every frame inside; they must leave in it. idle: see control_path.
`default_nettype none
`include "sapulse_assert.svh"

module control_path_bench (
    input wire clk,
    input wire rst,

    input  wire        in_valid,
    input  wire        in_last,
    input  wire  [3:0] in_kind,
    input  wire        in_epoch,
    output logic       taken,

    input  wire  tx_ready,
    input  wire  exc_ready,
    output logic answered,
    output logic echoed,
    output logic delivered,
    output logic lost,
    output logic refused,
    output logic kept,
    output logic replayed,
    output logic idle
);

  localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES;
  localparam logic [7:0] FLAGS = 8'h55;  // of an echo; in each beat behind the sub-type

  // Frames of the line side.
  frame_write_if control ();
  stream_if #(datapath_pkg::control_job_t) job ();
  logic [7:0] message, subtype;
  logic is_request;

  assign is_request = in_kind inside {4'd0, 4'd4, 4'd5, 4'd6, 4'd8};
  assign message = is_request ? sapulse_pkg::TYPE_ECHO_REQUEST : sapulse_pkg::TYPE_ECHO_REPLY;
  assign subtype = is_request ? sapulse_pkg::SUBTYPE_REQUEST : sapulse_pkg::SUBTYPE_REPLY;
  assign control.valid = in_valid;
  assign control.beat = '{user: 1'b0, last: in_last, keep: '1, data: DATA_W'({FLAGS, subtype})};
  assign control.keep = in_last && job.ready;
  assign job.valid = taken;
  always_comb begin
    job.data = '0;
    job.data.frame_length = 16'd9100;
    job.data.job.epoch = in_epoch;
    case (in_kind)
      4'd2: job.data.job.route = datapath_pkg::ROUTE_EXCEPTION;
      4'd4: job.data.job.route = datapath_pkg::ROUTE_ECHO;
      default: job.data.job.route = datapath_pkg::ROUTE_PING;
    endcase
    job.data.job.cause = sapulse_pkg::CAUSE_HOST_ACTION;
    job.data.job.record.control.message = message;
    job.data.job.record.control.length = 16'd9000;
    job.data.job.record.control.n = 64'(in_kind != 4'd8);
    job.data.job.record.control.transaction = {in_kind inside {4'd3, 4'd7}, 31'd0};
    job.data.job.record.control.no_answer = in_kind == 4'd5;
    job.data.job.record.l4.limit = 17'd9100;
    job.data.job.record.l3.src = 128'(in_kind inside {4'd6, 4'd7, 4'd8});
  end
  assign taken = in_valid && in_last && job.ready && !control.overflow;

  // sa_tables.
  sa_key_if key ();
  sa_window_if window ();
  sa_context_if answer_context ();
  logic [sa_pkg::IN_KEY_LATENCY-1:0] key_due;
  logic asked, accepts, moves;  // the window has been asked, and its answer
  logic [sa_pkg::ACCEPT_LATENCY-1:0] accept_due, accept, moved;
  logic [sa_pkg::CONTEXT_LATENCY-1:0] context_due;

  always_ff @(posedge clk) begin
    key_due <= rst ? '0 : {key_due[sa_pkg::IN_KEY_LATENCY-2:0], key.valid};
    if (window.ready) asked <= window.valid && !rst;
    if (window.ready) accepts <= window.n != '0;
    if (window.ready) moves <= window.source.address[0];
    accept_due <= rst ? '0 : {accept_due[sa_pkg::ACCEPT_LATENCY-2:0], window.verdict_valid && asked};
    accept <= {accept[sa_pkg::ACCEPT_LATENCY-2:0], accepts};
    moved <= {moved[sa_pkg::ACCEPT_LATENCY-2:0], moves};
    context_due <= rst ? '0 : {context_due[sa_pkg::CONTEXT_LATENCY-2:0], answer_context.valid};
    if (!answer_context.kept) context_due[sa_pkg::KEPT_LATENCY] <= 1'b0;
  end
  assign key.key_valid = key_due[sa_pkg::IN_KEY_LATENCY-1];
  assign key.key = '0;
  assign window.ready = !asked || window.verdict_valid;
  assign window.verdict_ready = asked;
  assign window.accept_valid = accept_due[sa_pkg::ACCEPT_LATENCY-1];
  assign window.accept = accept[sa_pkg::ACCEPT_LATENCY-1];
  assign window.down = 1'b0;
  assign window.moved = moved[sa_pkg::ACCEPT_LATENCY-1];
  assign answer_context.ready = 1'b1;
  assign answer_context.context_valid = context_due[sa_pkg::CONTEXT_LATENCY-1];
  always_comb begin
    answer_context.ctx = '0;
    answer_context.ctx.usable = 1'b1;
  end

  // Line TX.
  stream_if #(sapulse_pkg::axis_beat) frame ();
  stream_if #(datapath_pkg::answer_t) answer ();
  assign frame.ready = tx_ready;
  assign answer.ready = frame.valid && tx_ready && frame.data.last;
  assign answered = answer.ready && answer.data.from_line && answer.data.counter == sapulse_pkg::COUNTER_ANSWERED;
  assign echoed = answer.ready && answer.data.from_line && answer.data.counter == sapulse_pkg::COUNTER_ECHO_ANSWERED;

  // The first beat of a clear echo begins with sub-type and flags of a reply; the stand-ins change no beat.
  logic middle, patched;
  assign patched = !middle && answer.data.counter == sapulse_pkg::COUNTER_ECHO_ANSWERED;
  always_ff @(posedge clk) begin
    if (frame.valid && frame.ready) middle <= !frame.data.last;
    if (rst) middle <= 1'b0;
  end
  `SAPULSE_ASSERT(clk, rst, !frame.valid || frame.data.data[15:0] == (patched ? 16'(sapulse_pkg::SUBTYPE_REPLY)
                                                                              : {FLAGS, sapulse_pkg::SUBTYPE_REQUEST}),
                  "control_path: a beat of an answer is not what it should be")

  // The requester: takes replies to the card's own requests, and tells of those that are to be told; it has no messages.
  stream_if #(datapath_pkg::control_job_t) match_job (), moved_job ();
  stream_if #(sapulse_pkg::payload_beat) match (), request ();
  stream_if #(datapath_pkg::seal_order_t) request_order ();
  logic match_busy, match_read, matched;
  assign match_job.ready = !match_busy;
  assign match.ready = match_busy && !match_read;
  assign moved_job.valid = match_read && moved_job.data.job.copy;
  assign matched = match_read && (moved_job.ready || !moved_job.valid);
  always_ff @(posedge clk) begin
    if (match_job.valid && !match_busy) begin
      match_busy <= 1'b1;
      moved_job.data <= match_job.data;
    end
    if (match.valid && match.ready && match.data.last) match_read <= 1'b1;
    if (rst || matched) begin
      match_busy <= 1'b0;
      match_read <= 1'b0;
    end
  end
  assign refused = matched;
  assign request.valid = 1'b0;
  assign request.data = '0;
  assign request_order.valid = 1'b0;
  assign request_order.data = '0;

  // The host.
  limit_if limit ();
  ring_entry_if exceptions ();
  assign limit.grant = 1'b1;
  assign limit.pass = 1'b1;
  assign exceptions.room = 1'b1;
  assign exceptions.ready = exc_ready;

  /* verilator lint_off UNUSEDSIGNAL */  // the bench looks at the ends of frames alone
  datapath_pkg::ending_t [2:0] endings;
  sa_pkg::passage_t [1:0] leave;
  logic copy_lost;
  /* verilator lint_on UNUSEDSIGNAL */
  assign kept = endings[0].valid && endings[0].counter == sapulse_pkg::COUNTER_KEEPALIVE;
  assign replayed = endings[0].valid && endings[0].counter == sapulse_pkg::COUNTER_DROP_REPLAY;
  assign delivered = endings[1].valid;
  assign lost = endings[2].valid;

  /* verilator lint_off UNUSEDSIGNAL */  // nobody sends clear echoes into a crowd here
  datapath_pkg::control_load_t load;
  /* verilator lint_on UNUSEDSIGNAL */

  control_path u_dut (
      .clk, .rst,
      .now(64'd0),
      .control, .job,
      .key, .window, .answer_context,
      .copies(2'b00), .copy_lost, .limit, .exceptions,
      .match_job, .match, .moved_job, .matched,
      .request, .request_order,
      .frame, .answer,
      .endings, .leave,
      .load,
      .fifo_fault()
  );

  assign idle = load.idle;

  for (genvar i = 0; i < 2; i++) begin : g_leave
    `SAPULSE_ASSERT(clk, rst, !leave[i].valid || leave[i].epoch == in_epoch, "a frame has left in another epoch than its own")
  end
  `SAPULSE_ASSERT(clk, rst, !(answer.valid && answer.data.entered) || answer.data.epoch == in_epoch, "an answer of another epoch")

endmodule

`default_nettype wire
