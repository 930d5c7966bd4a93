// SPDX-License-Identifier: Apache-2.0
// control_path with stand-ins for the kernels, and an sa_tables that knows every SA and accepts every packet.
//
// in_*: beats of frames, without back-pressure; in_kind: 0 ping, 1 encrypted reply (for the host), 2 frame for the host, 3 encrypted reply
// to a request of the card.
// taken: the frame that ends in this cycle will be dealt with. answered, delivered, lost, refused: a frame has ended as an answer, as an
// exception, for want of room for one, or in the requester (refused). idle: see control_path.
`default_nettype none

module control_path_bench (
    input wire clk,
    input wire rst,

    input  wire        in_valid,
    input  wire        in_last,
    input  wire  [1:0] in_kind,
    output logic       taken,

    input  wire  tx_ready,
    input  wire  exc_ready,
    output logic answered,
    output logic delivered,
    output logic lost,
    output logic refused,
    output logic idle
);

  localparam int unsigned ACCEPT_LATENCY = 4;
  localparam int unsigned CONTEXT_LATENCY = 3;

  sapulse_pkg::record_t record;
  datapath_pkg::control_job_t job;
  logic [7:0] message, subtype;
  logic job_ready, overflow;

  assign message = in_kind == 2'd0 ? datapath_pkg::MESSAGE_ECHO_REQUEST : datapath_pkg::MESSAGE_ECHO_REPLY;
  assign subtype = in_kind == 2'd0 ? datapath_pkg::SUBTYPE_REQUEST : datapath_pkg::SUBTYPE_REPLY;
  always_comb begin
    record = '0;
    record.control.message = message;
    record.control.length = 16'd9000;
    record.control.n = 64'd1;
    record.control.transaction = {in_kind == 2'd3, 31'd0};
    record.l4.limit = 17'd9100;
    job = '0;
    job.frame_length = 16'd9100;
    job.job.route = in_kind == 2'd2 ? datapath_pkg::ROUTE_EXCEPTION : datapath_pkg::ROUTE_PING;
    job.job.cause = sapulse_pkg::CAUSE_HOST_ACTION;
    job.job.record = record;
  end
  assign taken = in_valid && in_last && job_ready && !overflow;

  // sa_tables.
  logic key_asked, window_asked, reply_asked;
  logic [sa_pkg::IN_KEY_LATENCY-1:0] key_due;
  logic [ACCEPT_LATENCY-1:0] accept_due;
  logic [CONTEXT_LATENCY-1:0] context_due;
  sa_pkg::reply_ctx ctx;

  always_comb begin
    ctx = '0;
    ctx.usable = 1'b1;
  end
  always_ff @(posedge clk) begin
    key_due <= rst ? '0 : {key_due[sa_pkg::IN_KEY_LATENCY-2:0], key_asked};
    accept_due <= rst ? '0 : {accept_due[ACCEPT_LATENCY-2:0], window_asked};
    context_due <= rst ? '0 : {context_due[CONTEXT_LATENCY-2:0], reply_asked};
  end

  logic frame_valid, answer_valid, left;
  datapath_pkg::answer_t answer;
  logic [577:0] frame_beat;
  assign left = frame_valid && tx_ready && frame_beat[576];
  assign answered = left && answer.from_line;

  // The requester: takes replies to the card's own requests and wants none of them.
  logic match_job_valid, match_valid, match_last, match_busy, matched;
  assign matched = match_busy && match_valid && match_last;
  always_ff @(posedge clk) begin
    if (match_job_valid && !match_busy) match_busy <= 1'b1;
    else if (matched) match_busy <= 1'b0;
    if (rst) match_busy <= 1'b0;
  end
  assign refused = matched;

  /* verilator lint_off PINCONNECTEMPTY */  // the bench looks at the ends of frames alone
  control_path dut (
      .clk,
      .rst,
      .now(64'd0),
      .control_valid(in_valid),
      .control_beat({64'hffff_ffff_ffff_ffff, 504'd0, subtype}),
      .control_last(in_last),
      .control_drop(!job_ready),
      .control_overflow(overflow),
      .job_valid(taken),
      .job_ready,
      .job,
      .in_valid(key_asked),
      .in_sa(),
      .in_key_valid(key_due[sa_pkg::IN_KEY_LATENCY-1]),
      .in_key('0),
      .window_valid(window_asked),
      .window_ready(1'b1),
      .window_sa(),
      .window_n(),
      .window_ok(),
      .accept_valid(accept_due[ACCEPT_LATENCY-1]),
      .accept(1'b1),
      .accept_down(1'b0),
      .reply_valid(reply_asked),
      .reply_ready(1'b1),
      .reply_sa(),
      .ctx_valid(context_due[CONTEXT_LATENCY-1]),
      .ctx,
      .copies(2'b00),
      .copy_lost(),
      .limit_valid(),
      .limit_cause(),
      .limit_grant(1'b1),
      .limit_pass(1'b1),
      .exc_room(1'b1),
      .exc_valid(),
      .exc_ready,
      .exc_data(),
      .exc_last(),
      .match_job_valid,
      .match_job_ready(!match_busy),
      .match_job(),
      .match_valid,
      .match_ready(match_busy),
      .match_data(),
      .match_last,
      .matched,
      .request_valid(1'b0),
      .request_ready(),
      .request('0),
      .request_seal_valid(1'b0),
      .request_seal_ready(),
      .request_seal_job('0),
      .request_header('0),
      .request_answer('0),
      .frame_valid,
      .frame_ready(tx_ready),
      .frame_beat,
      .answer_valid,
      .answer_ready(left),
      .answer,
      .end_valid(),
      .end_counter(),
      .done_valid(delivered),
      .done_counter(),
      .lost_valid(lost),
      .lost_counter(),
      .leave_valid(),
      .leave_epoch(),
      .idle
  );
  /* verilator lint_on PINCONNECTEMPTY */

  logic unused_bits;
  assign unused_bits = ^{frame_beat, answer_valid, answer};

endmodule

`default_nettype wire
