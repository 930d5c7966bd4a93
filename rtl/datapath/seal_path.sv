// SPDX-License-Identifier: Apache-2.0
// Seals answers and messages of the card's own: seal_mux and the kernel seal.
//
// replied_*, request_*: beats of packets in the clear; seal_*, request_seal_*: one a packet, what seal and answer_path need for it.
// sealed_*, icv_*, header_*: sealed packets, to answer_path. All valid/ready.
`default_nettype none

module seal_path (
    input wire clk,
    input wire rst,

    input  wire                            replied_valid,
    output logic                           replied_ready,
    input  sapulse_pkg::payload_beat replied,
    input  wire                            seal_valid,
    output logic                           seal_ready,
    input  sapulse_pkg::seal_job     seal_job,
    input  sapulse_pkg::header_job   seal_header,
    input  datapath_pkg::answer_t          seal_answer,

    input  wire                            request_valid,
    output logic                           request_ready,
    input  sapulse_pkg::payload_beat request,
    input  wire                            request_seal_valid,
    output logic                           request_seal_ready,
    input  sapulse_pkg::seal_job     request_seal_job,
    input  sapulse_pkg::header_job   request_header,
    input  datapath_pkg::answer_t          request_answer,

    output logic                           sealed_valid,
    input  wire                            sealed_ready,
    output sapulse_pkg::payload_beat sealed,
    output logic                           icv_valid,
    input  wire                            icv_ready,
    output sapulse_pkg::icv_t        icv,
    output logic                           header_valid,
    input  wire                            header_ready,
    output sapulse_pkg::header_job   header,
    output datapath_pkg::answer_t          header_answer
);

  logic clear_valid, clear_ready, job_valid, job_ready;
  sapulse_pkg::payload_beat clear;
  sapulse_pkg::seal_job job;

  seal_mux #(
      .META_BITS($bits(header) + $bits(header_answer))
  ) u_mux (
      .clk,
      .rst,
      .reply_valid(replied_valid),
      .reply_ready(replied_ready),
      .reply(replied),
      .reply_job_valid(seal_valid),
      .reply_job_ready(seal_ready),
      .reply_job(seal_job),
      .reply_meta({seal_answer, seal_header}),
      .request_valid,
      .request_ready,
      .request,
      .request_job_valid(request_seal_valid),
      .request_job_ready(request_seal_ready),
      .request_job(request_seal_job),
      .request_meta({request_answer, request_header}),
      .out_valid(clear_valid),
      .out_ready(clear_ready),
      .out(clear),
      .job_valid,
      .job_ready,
      .job,
      .meta_valid(header_valid),
      .meta_ready(header_ready),
      .meta({header_answer, header})
  );

  logic new_icv_valid, new_icv_ready;
  sapulse_pkg::icv_t new_icv;

  seal u_seal (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .job_tdata(job),
      .job_tvalid(job_valid),
      .job_tready(job_ready),
      .reply_tdata(clear),
      .reply_tvalid(clear_valid),
      .reply_tready(clear_ready),
      .sealed_tdata(sealed),
      .sealed_tvalid(sealed_valid),
      .sealed_tready(sealed_ready),
      .icv_tdata(new_icv),
      .icv_tvalid(new_icv_valid),
      .icv_tready(new_icv_ready)
  );

  // An ICV waits here while assemble is busy with a long packet.
  sync_fifo #(
      .WIDTH($bits(icv)),
      .DEPTH(16)
  ) u_icvs (
      .clk,
      .rst,
      .in_valid(new_icv_valid),
      .in_ready(new_icv_ready),
      .in_data(new_icv),
      .out_valid(icv_valid),
      .out_ready(icv_ready),
      .out_data(icv)
  );

endmodule

`default_nettype wire
