// SPDX-License-Identifier: Apache-2.0
// Everything behind steer: frames for the card wait in control_fifo, then become answers, exceptions, or nothing.
//
// control_*, job_*: see steer. in_* to ctx_*: sa_tables. limit_*, copies, copy_lost: see open_gate. exc_*: host_interface.
// match_*: replies to requests of the card; matched: one of them has ended. request_*: messages of the card's own, see seal_path.
// frame_*, answer_*: see answer_path. end_*, done_*, lost_*: frames that end here, with their counters; leave_*: two ports, of the
// packets that open_gate ends and of the exceptions. idle: no frame of the line side is in here.
`default_nettype none
`include "sapulse_assert.svh"

module control_path (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    input  wire                                control_valid,
    input  wire  [datapath_pkg::BEAT_BITS-1:0] control_beat,
    input  wire                                control_last,
    input  wire                                control_drop,
    output logic                               control_overflow,
    input  wire                                job_valid,
    output logic                               job_ready,
    input  datapath_pkg::control_job_t         job,

    output logic                             in_valid,
    output logic [datapath_pkg::SA_BITS-1:0] in_sa,
    input  wire                              in_key_valid,
    input  sapulse_pkg::key_t          in_key,
    output logic                             window_valid,
    input  wire                              window_ready,
    output logic [datapath_pkg::SA_BITS-1:0] window_sa,
    output logic [                     63:0] window_n,
    output logic                             window_ok,
    input  wire                              accept_valid,
    input  wire                              accept,
    input  wire                              accept_down,
    output logic                             reply_valid,
    input  wire                              reply_ready,
    output logic [datapath_pkg::SA_BITS-1:0] reply_sa,
    input  wire                              ctx_valid,
    input  sa_pkg::reply_ctx                 ctx,

    input  wire  [  1:0] copies,
    output logic         copy_lost,
    output logic         limit_valid,
    output logic [  3:0] limit_cause,
    input  wire          limit_grant,
    input  wire          limit_pass,
    input  wire          exc_room,
    output logic         exc_valid,
    input  wire          exc_ready,
    output logic [511:0] exc_data,
    output logic         exc_last,

    output logic                       match_job_valid,
    input  wire                        match_job_ready,
    output datapath_pkg::control_job_t match_job,
    output logic                       match_valid,
    input  wire                        match_ready,
    output logic [511:0]               match_data,
    output logic                       match_last,
    input  wire                        matched,

    input  wire                            request_valid,
    output logic                           request_ready,
    input  sapulse_pkg::payload_beat request,
    input  wire                            request_seal_valid,
    output logic                           request_seal_ready,
    input  sapulse_pkg::seal_job     request_seal_job,
    input  sapulse_pkg::header_job   request_header,
    input  datapath_pkg::answer_t          request_answer,

    output logic                  frame_valid,
    input  wire                   frame_ready,
    output logic [577:0]          frame_beat,
    output logic                  answer_valid,
    input  wire                   answer_ready,
    output datapath_pkg::answer_t answer,

    output logic       end_valid,
    output logic [5:0] end_counter,
    output logic       done_valid,
    output logic [5:0] done_counter,
    output logic       lost_valid,
    output logic [5:0] lost_counter,
    output logic [1:0] leave_valid,
    output logic [1:0] leave_epoch,
    output logic       idle
);

  // Three of the longest frames (144 beats), or 64 pings of up to eight beats: what one burst may bring.
  localparam int unsigned CONTROL_BEATS = 512;
  localparam int unsigned CONTROL_FRAMES = 64;
  // Cuts between dispatch and the last beat that align writes.
  localparam int unsigned CUTS = 16;
  // Frames in the whole control path: in control_fifo and behind it.
  localparam int unsigned FRAMES_W = 10;

  // control_fifo; its beats travel without their last bit, which frame_fifo keeps.
  logic beat_valid, beat_ready, beat_last, waiting_valid, waiting_ready, beat_room;
  logic [datapath_pkg::BEAT_BITS-1:0] beat;
  datapath_pkg::control_job_t waiting;

  frame_fifo #(
      .WIDTH(datapath_pkg::BEAT_BITS),
      .DEPTH(CONTROL_BEATS)
  ) u_control_fifo (
      .clk,
      .rst,
      .in_valid(control_valid),
      .in_ready(beat_room),
      .in_data(control_beat),
      .in_last(control_last),
      .in_drop(control_drop),
      .in_overflow(control_overflow),
      .out_valid(beat_valid),
      .out_ready(beat_ready),
      .out_data(beat),
      .out_last(beat_last)
  );

  sync_fifo #(
      .WIDTH($bits(job)),
      .DEPTH(CONTROL_FRAMES)
  ) u_jobs (
      .clk,
      .rst,
      .in_valid(job_valid),
      .in_ready(job_ready),
      .in_data(job),
      .out_valid(waiting_valid),
      .out_ready(waiting_ready),
      .out_data(waiting)
  );

  logic raw_job_valid, raw_job_ready, raw_valid, raw_ready;
  logic align_job_in_valid, align_job_in_ready, align_valid, align_ready;
  logic key_valid, key_ready, ping_valid, ping_ready, echo_valid, echo_ready;
  logic cut_in_valid, cut_in_ready, cut_in_echo;
  logic [datapath_pkg::SA_BITS-1:0] key_sa;
  logic [13:0] key_length;
  datapath_pkg::control_job_t raw_job, ping, echo;
  sapulse_pkg::align_job align_job_in;

  dispatch u_dispatch (
      .clk,
      .rst,
      .job_valid(waiting_valid),
      .job_ready(waiting_ready),
      .job(waiting),
      .beat_valid,
      .beat_ready,
      .beat_last,
      .exception_job_valid(raw_job_valid),
      .exception_job_ready(raw_job_ready),
      .exception_job(raw_job),
      .exception_valid(raw_valid),
      .exception_ready(raw_ready),
      .align_job_valid(align_job_in_valid),
      .align_job_ready(align_job_in_ready),
      .align_job(align_job_in),
      .align_valid,
      .align_ready,
      .key_valid,
      .key_ready,
      .key_sa,
      .key_length,
      .ping_valid,
      .ping_ready,
      .ping,
      .echo_valid,
      .echo_ready,
      .echo,
      .payload_echo_valid(cut_in_valid),
      .payload_echo_ready(cut_in_ready),
      .payload_echo(cut_in_echo)
  );

  // align, and where its cuts go.
  logic align_job_valid, align_job_ready, cut_valid, cut_echo, payload_valid, payload_ready, cipher_ready, echo_payload_ready;
  sapulse_pkg::align_job align_job;
  sapulse_pkg::axis_beat align_beat;
  sapulse_pkg::payload_beat payload;

  sync_fifo #(
      .WIDTH($bits(align_job)),
      .DEPTH(4)
  ) u_align_jobs (
      .clk,
      .rst,
      .in_valid(align_job_in_valid),
      .in_ready(align_job_in_ready),
      .in_data(align_job_in),
      .out_valid(align_job_valid),
      .out_ready(align_job_ready),
      .out_data(align_job)
  );

  assign align_beat.data = beat[511:0];
  assign align_beat.keep = beat[575:512];
  assign align_beat.last = beat_last;
  assign align_beat.user = 1'b0;

  align u_align (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .job_tdata(align_job),
      .job_tvalid(align_job_valid),
      .job_tready(align_job_ready),
      .frame_tdata(align_beat),
      .frame_tvalid(align_valid),
      .frame_tready(align_ready),
      .payload_tdata(payload),
      .payload_tvalid(payload_valid),
      .payload_tready(payload_ready)
  );

  sync_fifo #(
      .WIDTH(1),
      .DEPTH(CUTS)
  ) u_cuts (
      .clk,
      .rst,
      .in_valid(cut_in_valid),
      .in_ready(cut_in_ready),
      .in_data(cut_in_echo),
      .out_valid(cut_valid),
      .out_ready(payload_valid && payload_ready && payload.last),
      .out_data(cut_echo)
  );
  assign payload_ready = cut_valid && (cut_echo ? echo_payload_ready : cipher_ready);

  logic echo_header_valid, echo_header_ready;
  sapulse_pkg::header_job echo_header;
  datapath_pkg::answer_t echo_answer;

  echo_start u_echo (
      .clk,
      .rst,
      .job_valid(echo_valid),
      .job_ready(echo_ready),
      .job(echo),
      .header_valid(echo_header_valid),
      .header_ready(echo_header_ready),
      .header(echo_header),
      .header_answer(echo_answer)
  );

  logic host_job_valid, host_job_ready, host_valid, host_ready, host_last, end_epoch, end_leaves, copied;
  logic [511:0] host_data;
  datapath_pkg::control_job_t host_job;
  logic sealed_valid, sealed_ready, icv_valid, icv_ready, header_valid, header_ready;
  sapulse_pkg::payload_beat sealed;
  sapulse_pkg::icv_t icv;
  sapulse_pkg::header_job header;
  datapath_pkg::answer_t header_answer;
  logic replied_valid, replied_ready, seal_valid, seal_ready;
  sapulse_pkg::payload_beat replied;
  sapulse_pkg::seal_job seal_job;
  sapulse_pkg::header_job seal_header;
  datapath_pkg::answer_t seal_answer;

  ping_path u_ping (
      .clk,
      .rst,
      .now,
      .key_valid,
      .key_ready,
      .key_sa,
      .key_length,
      .ping_valid,
      .ping_ready,
      .ping,
      .cipher_valid(payload_valid && cut_valid && !cut_echo),
      .cipher_ready,
      .cipher(payload),
      .in_valid,
      .in_sa,
      .in_key_valid,
      .in_key,
      .window_valid,
      .window_ready,
      .window_sa,
      .window_n,
      .window_ok,
      .accept_valid,
      .accept,
      .accept_down,
      .reply_valid,
      .reply_ready,
      .reply_sa,
      .ctx_valid,
      .ctx,
      .match_job_valid,
      .match_job_ready,
      .match_job,
      .match_valid,
      .match_ready,
      .match_data,
      .match_last,
      .host_job_valid,
      .host_job_ready,
      .host_job,
      .host_valid,
      .host_ready,
      .host_data,
      .host_last,
      .copies,
      .copied,
      .copy_lost,
      .limit_valid,
      .limit_cause,
      .limit_grant,
      .limit_pass,
      .end_valid,
      .end_leaves,
      .end_counter,
      .end_epoch,
      .replied_valid,
      .replied_ready,
      .replied,
      .seal_valid,
      .seal_ready,
      .seal_job,
      .seal_header,
      .seal_answer
  );

  seal_path u_seal (
      .clk,
      .rst,
      .replied_valid,
      .replied_ready,
      .replied,
      .seal_valid,
      .seal_ready,
      .seal_job,
      .seal_header,
      .seal_answer,
      .request_valid,
      .request_ready,
      .request,
      .request_seal_valid,
      .request_seal_ready,
      .request_seal_job,
      .request_header,
      .request_answer,
      .sealed_valid,
      .sealed_ready,
      .sealed,
      .icv_valid,
      .icv_ready,
      .icv,
      .header_valid,
      .header_ready,
      .header,
      .header_answer
  );

  answer_path u_answer (
      .clk,
      .rst,
      .sealed_valid,
      .sealed_ready,
      .sealed,
      .sealed_header_valid(header_valid),
      .sealed_header_ready(header_ready),
      .sealed_header(header),
      .sealed_answer(header_answer),
      .sealed_icv_valid(icv_valid),
      .sealed_icv_ready(icv_ready),
      .sealed_icv(icv),
      .echo_valid(payload_valid && cut_valid && cut_echo),
      .echo_ready(echo_payload_ready),
      .echo(payload),
      .echo_header_valid,
      .echo_header_ready,
      .echo_header,
      .echo_answer,
      .frame_valid,
      .frame_ready,
      .frame_beat,
      .answer_valid,
      .answer_ready,
      .answer
  );

  exception_path u_exception (
      .clk,
      .rst,
      .raw_job_valid,
      .raw_job_ready,
      .raw_job,
      .raw_valid,
      .raw_ready,
      .raw_data(beat[511:0]),
      .raw_last(beat_last),
      .plain_job_valid(host_job_valid),
      .plain_job_ready(host_job_ready),
      .plain_job(host_job),
      .plain_valid(host_valid),
      .plain_ready(host_ready),
      .plain_data(host_data),
      .plain_last(host_last),
      .exc_room,
      .exc_valid,
      .exc_ready,
      .exc_data,
      .exc_last,
      .done_valid,
      .done_counter,
      .lost_valid,
      .lost_counter,
      .leave_valid(leave_valid[1]),
      .leave_epoch(leave_epoch[1])
  );

  assign leave_valid[0] = end_leaves;
  assign leave_epoch[0] = end_epoch;

  // Frames in here: each that comes in ends in exactly one way. A copy that open_gate makes counts as one more.
  logic [FRAMES_W-1:0] frames;
  logic [2:0] ends;
  logic [1:0] begins;
  assign begins = {1'b0, job_valid} + {1'b0, copied};
  assign ends = {2'd0, end_valid} + {2'd0, done_valid} + {2'd0, lost_valid} + {2'd0, matched}
      + {2'd0, answer_ready && answer.from_line};

  always_ff @(posedge clk) begin
    frames <= frames + FRAMES_W'(begins) - FRAMES_W'(ends);
    if (rst) frames <= '0;
  end
  assign idle = frames == '0;

  `SAPULSE_ASSERT(clk, rst, frames >= FRAMES_W'(ends), "control_path: a frame has ended twice")
  `SAPULSE_ASSERT(clk, rst, !(&frames), "control_path: too many frames to count")
  `SAPULSE_ASSERT(clk, rst, !(job_valid && !beat_room && control_overflow), "control_path: a job without its frame")

endmodule

`default_nettype wire
