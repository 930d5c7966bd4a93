// SPDX-License-Identifier: Apache-2.0
// Nested packets: open, judge, answer. Kernels open and respond with what stands between them.
//
// key_*, ping_*: from dispatch; cipher_*: nested packets from align. in_*, window_*, accept_*, want_*, ctx_*: sa_tables.
// match_*: replies to requests of the card, to the requester. host_*: opened packets for exception_builder. copies, copied (a job about a
// packet that ends here goes to the host), copy_lost, limit_*, end_*: see open_gate.
// replied_*: answers, with their seal_*: to seal_path. All streams are valid/ready.
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
    input  sapulse_pkg::payload_beat           cipher,

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

    output logic                       match_job_valid,
    input  wire                        match_job_ready,
    output datapath_pkg::control_job_t match_job,
    output logic                       match_valid,
    input  wire                        match_ready,
    output logic [511:0]               match_data,
    output logic                       match_last,

    output logic                       host_job_valid,
    input  wire                        host_job_ready,
    output datapath_pkg::control_job_t host_job,
    output logic                       host_valid,
    input  wire                        host_ready,
    output logic [511:0]               host_data,
    output logic                       host_last,

    input  wire  [1:0] copies,
    output logic       copied,
    output logic       copy_lost,
    output logic       limit_valid,
    output logic [3:0] limit_cause,
    input  wire        limit_grant,
    input  wire        limit_pass,
    output logic       end_valid,
    output logic       end_leaves,
    output logic [5:0] end_counter,
    output logic       end_epoch,

    output logic                           replied_valid,
    input  wire                            replied_ready,
    output sapulse_pkg::payload_beat replied,
    output logic                           seal_valid,
    input  wire                            seal_ready,
    output sapulse_pkg::seal_job     seal_job,
    output sapulse_pkg::header_job   seal_header,
    output datapath_pkg::answer_t          seal_answer
);

  // Packets between the verdict of open and the start of their answer: the time that window and contexts take.
  localparam int unsigned JUDGED = 16;
  // Packets between dispatch and the verdict of open.
  localparam int unsigned OPENING = 32;

  logic open_job_valid, open_job_ready;
  sapulse_pkg::open_job open_job;

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
  sapulse_pkg::payload_beat plain;
  sapulse_pkg::open_verdict verdict;

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

  logic want_valid, fate_valid, fate_ready, fate_reply, fate_match, fate_host;
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
      .accept_down,
      .reply_valid(want_valid),
      .reply_sa(want_sa),
      .fate_valid,
      .fate_ready,
      .fate,
      .fate_reply,
      .fate_match,
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

  logic reply_job_valid, reply_job_ready, gated_valid, gated_ready, host_copy;
  sapulse_pkg::payload_beat gated;
  /* verilator lint_off UNUSEDSIGNAL */  // the gate only looks at the type
  sapulse_pkg::record_t fate_record;
  /* verilator lint_on UNUSEDSIGNAL */

  assign fate_record = fate.job.record;
  assign match_job = fate;
  assign match_data = gated.data;
  assign match_last = gated.last;
  always_comb begin
    host_job = fate;
    host_job.job.cause = limit_cause;
    host_job.job.copy = host_copy;
  end
  assign host_data = gated.data;
  assign host_last = gated.last;
  assign copied = host_job_valid && host_copy;

  open_gate u_gate (
      .clk,
      .rst,
      .plain_valid,
      .plain_ready,
      .plain_beat(plain),
      .fate_valid,
      .fate_ready,
      .fate_reply,
      .fate_match,
      .fate_host,
      .fate_counter,
      .fate_message(fate_record.control.message),
      .fate_epoch(fate.job.epoch),
      .context_valid,
      .context_ready,
      .context_usable(reply_context.usable),
      .copies,
      .reply_job_valid,
      .reply_job_ready,
      .match_job_valid,
      .match_job_ready,
      .host_job_valid,
      .host_job_ready,
      .host_copy,
      .reply_valid(gated_valid),
      .reply_ready(gated_ready),
      .match_valid,
      .match_ready,
      .host_valid,
      .host_ready,
      .out_data(gated.data),
      .out_last(gated.last),
      .limit_valid,
      .limit_cause,
      .limit_grant,
      .limit_pass,
      .copy_lost,
      .end_valid,
      .end_leaves,
      .end_counter,
      .end_epoch
  );

  logic respond_job_valid, respond_job_ready;
  sapulse_pkg::respond_job respond_job;

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
      .seal_valid,
      .seal_ready,
      .seal_job,
      .seal_header,
      .seal_answer
  );

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

endmodule

`default_nettype wire
