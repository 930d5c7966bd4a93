// SPDX-License-Identifier: Apache-2.0
// Answers become frames: reply_mux, the kernels header and assemble, and the FIFO that releases whole frames.
//
// sealed_*, echo_*: see reply_mux. frame_*: beats {user, last, keep, data} without gaps; answer_*: one per frame, in their order.
// All valid/ready.
`default_nettype none
`include "sapulse_assert.svh"

module answer_path (
    input wire clk,
    input wire rst,

    input  wire                            sealed_valid,
    output logic                           sealed_ready,
    input  sapulse_pkg::payload_beat sealed,
    input  wire                            sealed_header_valid,
    output logic                           sealed_header_ready,
    input  sapulse_pkg::header_job   sealed_header,
    input  datapath_pkg::answer_t          sealed_answer,
    input  wire                            sealed_icv_valid,
    output logic                           sealed_icv_ready,
    input  sapulse_pkg::icv_t        sealed_icv,

    input  wire                            echo_valid,
    output logic                           echo_ready,
    input  sapulse_pkg::payload_beat echo,
    input  wire                            echo_header_valid,
    output logic                           echo_header_ready,
    input  sapulse_pkg::header_job   echo_header,
    input  datapath_pkg::answer_t          echo_answer,

    output logic                  frame_valid,
    input  wire                   frame_ready,
    output logic [577:0]          frame_beat,
    output logic                  answer_valid,
    input  wire                   answer_ready,
    output datapath_pkg::answer_t answer
);

  // The longest answer (145 beats) and as much again while it leaves.
  localparam int unsigned FRAME_BEATS = 512;
  // Answers between reply_mux and their last beat on line TX.
  localparam int unsigned ANSWERS = 64;

  logic header_job_valid, header_job_ready, payload_valid, payload_ready, icv_valid, icv_ready, new_answer_valid, new_answer_ready;
  sapulse_pkg::header_job header_job;
  sapulse_pkg::payload_beat payload;
  sapulse_pkg::icv_t icv;
  datapath_pkg::answer_t new_answer;

  reply_mux u_mux (
      .clk,
      .rst,
      .sealed_valid,
      .sealed_ready,
      .sealed,
      .sealed_header_valid,
      .sealed_header_ready,
      .sealed_header,
      .sealed_answer,
      .sealed_icv_valid,
      .sealed_icv_ready,
      .sealed_icv,
      .echo_valid,
      .echo_ready,
      .echo,
      .echo_header_valid,
      .echo_header_ready,
      .echo_header,
      .echo_answer,
      .header_valid(header_job_valid),
      .header_ready(header_job_ready),
      .header(header_job),
      .payload_valid,
      .payload_ready,
      .payload,
      .icv_valid,
      .icv_ready,
      .icv,
      .answer_valid(new_answer_valid),
      .answer_ready(new_answer_ready),
      .answer(new_answer)
  );

  logic built_valid, built_ready, header_valid, header_ready;
  sapulse_pkg::header_t built, built_header;

  header u_header (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .job_tdata(header_job),
      .job_tvalid(header_job_valid),
      .job_tready(header_job_ready),
      .out_tdata(built),
      .out_tvalid(built_valid),
      .out_tready(built_ready)
  );

  // Headers are ready before their payload: as many as there are packets in front of assemble.
  sync_fifo #(
      .WIDTH($bits(built)),
      .DEPTH(16)
  ) u_headers (
      .clk,
      .rst,
      .in_valid(built_valid),
      .in_ready(built_ready),
      .in_data(built),
      .out_valid(header_valid),
      .out_ready(header_ready),
      .out_data(built_header)
  );

  logic assembled_valid, assembled_ready;
  sapulse_pkg::axis_beat assembled;

  assemble u_assemble (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .header_tdata(built_header),
      .header_tvalid(header_valid),
      .header_tready(header_ready),
      .icv_tdata(icv),
      .icv_tvalid(icv_valid),
      .icv_tready(icv_ready),
      .payload_tdata(payload),
      .payload_tvalid(payload_valid),
      .payload_tready(payload_ready),
      .frame_tdata(assembled),
      .frame_tvalid(assembled_valid),
      .frame_tready(assembled_ready)
  );

  logic overflow;
  frame_fifo #(
      .WIDTH(datapath_pkg::BEAT_BITS),
      .DEPTH(FRAME_BEATS)
  ) u_frames (
      .clk,
      .rst,
      .in_valid(assembled_valid && assembled_ready),
      .in_ready(assembled_ready),
      .in_data({assembled.keep, assembled.data}),
      .in_last(assembled.last),
      .in_drop(1'b0),
      .in_overflow(overflow),
      .out_valid(frame_valid),
      .out_ready(frame_ready),
      .out_data(frame_beat[575:0]),
      .out_last(frame_beat[576])
  );
  assign frame_beat[577] = 1'b0;

  sync_fifo #(
      .WIDTH($bits(new_answer)),
      .DEPTH(ANSWERS)
  ) u_answers (
      .clk,
      .rst,
      .in_valid(new_answer_valid),
      .in_ready(new_answer_ready),
      .in_data(new_answer),
      .out_valid(answer_valid),
      .out_ready(answer_ready),
      .out_data(answer)
  );

  `SAPULSE_ASSERT(clk, rst, !(assembled_valid && assembled_ready && overflow), "answer_path: a beat of an answer is lost")
  `SAPULSE_ASSERT(clk, rst, !(assembled_valid && assembled.user), "answer_path: assemble marks a frame bad")

endmodule

`default_nettype wire
