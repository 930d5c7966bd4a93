// SPDX-License-Identifier: Apache-2.0
// Nested packets: open, judge, answer. Kernels open, respond and seal with what stands between them.
//
// key_*, ping_*: from dispatch; cipher_*: nested packets from align. in_*, window_*, accept_*, want_*, ctx_*: sa_tables.
// host_*: opened packets for exception_builder. limit_*: see open_gate. end_*: a packet ends here with that counter and epoch.
// sealed_*, icv_*, header_*: answers, to reply_mux. All streams are valid/ready.
`default_nettype none

module ping_path (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    input  wire                                      key_valid,
    output logic                                     key_ready,
    input  wire        [datapath_pkg::SA_BITS-1:0]   key_sa,
    input  wire        [                     13:0]   key_length,
    input  wire                                      ping_valid,
    output logic                                     ping_ready,
    input  datapath_pkg::control_job_t               ping,
    input  wire                                      cipher_valid,
    output logic                                     cipher_ready,
    input  sapulse_types_pkg::payload_beat           cipher,

    output logic                             in_valid,
    output logic [datapath_pkg::SA_BITS-1:0] in_sa,
    input  wire                              in_key_valid,
    input  sapulse_types_pkg::key_t          in_key,
    output logic                             window_valid,
    input  wire                              window_ready,
    output logic [datapath_pkg::SA_BITS-1:0] window_sa,
    output logic [                     63:0] window_n,
    output logic                             window_ok,
    input  wire                              accept_valid,
    input  wire                              accept,
    output logic                             reply_valid,
    input  wire                              reply_ready,
    output logic [datapath_pkg::SA_BITS-1:0] reply_sa,
    input  wire                              ctx_valid,
    input  sa_pkg::reply_ctx                 ctx,

    output logic                       host_job_valid,
    input  wire                        host_job_ready,
    output datapath_pkg::control_job_t host_job,
    output logic                       host_valid,
    input  wire                        host_ready,
    output logic [511:0]               host_data,
    output logic                       host_last,

    output logic       limit_valid,
    output logic [3:0] limit_cause,
    input  wire        limit_grant,
    input  wire        limit_pass,
    output logic       end_valid,
    output logic [5:0] end_counter,
    output logic       end_epoch,

    output logic                           sealed_valid,
    input  wire                            sealed_ready,
    output sapulse_types_pkg::payload_beat sealed,
    output logic                           icv_valid,
    input  wire                            icv_ready,
    output sapulse_types_pkg::icv_t        icv,
    output logic                           header_valid,
    input  wire                            header_ready,
    output sapulse_types_pkg::header_job   header,
    output datapath_pkg::answer_t          header_answer
);

  // Packets between the verdict of open and the start of their answer: the time that window and contexts take.
  localparam int unsigned JUDGED = 16;
  // Packets between dispatch and the verdict of open.
  localparam int unsigned OPENING = 32;

  logic open_job_valid, open_job_ready;
  sapulse_types_pkg::open_job open_job;

  open_jobs u_open_jobs (
      .clk,
      .rst,
      .key_valid,
      .key_ready,
      .key_sa,
      .key_length,
      .in_valid,
      .in_sa,
      .in_key_valid,
      .in_key,
      .job_valid(open_job_valid),
      .job_ready(open_job_ready),
      .job(open_job)
  );

  logic plain_valid, plain_ready, verdict_valid, verdict_ready;
  sapulse_types_pkg::payload_beat plain;
  sapulse_types_pkg::open_verdict verdict;

  open u_open (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .job_tdata(open_job),
      .job_tvalid(open_job_valid),
      .job_tready(open_job_ready),
      .cipher_tdata(cipher),
      .cipher_tvalid(cipher_valid),
      .cipher_tready(cipher_ready),
      .plain_tdata(plain),
      .plain_tvalid(plain_valid),
      .plain_tready(plain_ready),
      .verdict_tdata(verdict),
      .verdict_tvalid(verdict_valid),
      .verdict_tready(verdict_ready)
  );

  logic opening_valid, opening_ready;
  datapath_pkg::control_job_t opening;

  sync_fifo #(
      .WIDTH($bits(ping)),
      .DEPTH(OPENING)
  ) u_opening (
      .clk,
      .rst,
      .in_valid(ping_valid),
      .in_ready(ping_ready),
      .in_data(ping),
      .out_valid(opening_valid),
      .out_ready(opening_ready),
      .out_data(opening)
  );

  logic want_valid, fate_valid, fate_ready, fate_reply, fate_host;
  logic [datapath_pkg::SA_BITS-1:0] want_sa;
  logic [5:0] fate_counter;
  datapath_pkg::control_job_t fate;

  open_verdicts #(
      .DEPTH(JUDGED)
  ) u_verdicts (
      .clk,
      .rst,
      .ping_valid(opening_valid),
      .ping_ready(opening_ready),
      .ping(opening),
      .verdict_valid,
      .verdict_ready,
      .verdict,
      .window_valid,
      .window_ready,
      .window_sa,
      .window_n,
      .window_ok,
      .accept_valid,
      .accept,
      .reply_valid(want_valid),
      .reply_sa(want_sa),
      .fate_valid,
      .fate_ready,
      .fate,
      .fate_reply,
      .fate_host,
      .fate_counter
  );

  logic context_valid, context_ready;
  sa_pkg::reply_ctx reply_context;

  reply_contexts #(
      .DEPTH(JUDGED)
  ) u_contexts (
      .clk,
      .rst,
      .want_valid,
      .want_sa,
      .reply_valid,
      .reply_ready,
      .reply_sa,
      .ctx_valid,
      .ctx,
      .context_valid,
      .context_ready,
      .context_data(reply_context)
  );

  logic reply_job_valid, reply_job_ready, gated_valid, gated_ready;
  sapulse_types_pkg::payload_beat gated;
  /* verilator lint_off UNUSEDSIGNAL */  // the gate only looks at the type
  sapulse_types_pkg::record_t fate_record;
  /* verilator lint_on UNUSEDSIGNAL */

  assign fate_record = fate.job.record;
  assign host_job = fate;
  assign host_data = gated.data;
  assign host_last = gated.last;

  open_gate u_gate (
      .clk,
      .rst,
      .plain_valid,
      .plain_ready,
      .plain_beat(plain),
      .fate_valid,
      .fate_ready,
      .fate_reply,
      .fate_host,
      .fate_counter,
      .fate_message(fate_record.control.message),
      .fate_epoch(fate.job.epoch),
      .context_valid,
      .context_ready,
      .context_usable(reply_context.usable),
      .reply_job_valid,
      .reply_job_ready,
      .host_job_valid,
      .host_job_ready,
      .reply_valid(gated_valid),
      .reply_ready(gated_ready),
      .host_valid,
      .host_ready,
      .out_data(gated.data),
      .out_last(gated.last),
      .limit_valid,
      .limit_cause,
      .limit_grant,
      .limit_pass,
      .end_valid,
      .end_counter,
      .end_epoch
  );

  logic respond_job_valid, respond_job_ready, seal_job_valid, seal_job_ready;
  sapulse_types_pkg::respond_job respond_job;
  sapulse_types_pkg::seal_job seal_job;

  reply_start u_start (
      .clk,
      .rst,
      .now,
      .start_valid(reply_job_valid),
      .start_ready(reply_job_ready),
      .job(fate),
      .ctx(reply_context),
      .respond_job_valid,
      .respond_job_ready,
      .respond_job,
      .seal_job_valid,
      .seal_job_ready,
      .seal_job,
      .header_valid,
      .header_ready,
      .header,
      .header_answer
  );

  logic replied_valid, replied_ready;
  sapulse_types_pkg::payload_beat replied;

  respond u_respond (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .job_tdata(respond_job),
      .job_tvalid(respond_job_valid),
      .job_tready(respond_job_ready),
      .plain_tdata(gated),
      .plain_tvalid(gated_valid),
      .plain_tready(gated_ready),
      .reply_tdata(replied),
      .reply_tvalid(replied_valid),
      .reply_tready(replied_ready)
  );

  logic new_icv_valid, new_icv_ready;
  sapulse_types_pkg::icv_t new_icv;

  seal u_seal (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .job_tdata(seal_job),
      .job_tvalid(seal_job_valid),
      .job_tready(seal_job_ready),
      .reply_tdata(replied),
      .reply_tvalid(replied_valid),
      .reply_tready(replied_ready),
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
