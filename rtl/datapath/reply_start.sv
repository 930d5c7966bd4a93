// SPDX-License-Identifier: Apache-2.0
// Starts an answer: its jobs for respond, seal and header, all at once.
//
// start_*: job of the ping and context of its SA, valid/ready; now: time, which becomes t_transmit.
// respond_job_*: to the kernel. seal_*: what seal_path needs for the packet that respond makes. All valid/ready.
`default_nettype none

module reply_start (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    input  wire                        start_valid,
    output logic                       start_ready,
    /* verilator lint_off UNUSEDSIGNAL */  // what open_gate has used up
    input  datapath_pkg::control_job_t job,
    input  sa_pkg::reply_ctx           ctx,
    /* verilator lint_on UNUSEDSIGNAL */

    output logic                          respond_job_valid,
    input  wire                           respond_job_ready,
    output sapulse_pkg::respond_job respond_job,
    output logic                          seal_valid,
    input  wire                           seal_ready,
    output sapulse_pkg::seal_job    seal_job,
    output sapulse_pkg::header_job  seal_header,
    output datapath_pkg::answer_t         seal_answer
);

  logic respond_room, seal_room, start;
  /* verilator lint_off UNUSEDSIGNAL */  // what only policy needed
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */
  sapulse_pkg::respond_job new_respond;
  sapulse_pkg::seal_job new_seal;
  sapulse_pkg::header_job new_header;
  datapath_pkg::answer_t new_answer;
  logic [13:0] length;

  assign record = job.job.record;
  assign length = record.control.length[13:0] - 14'(datapath_pkg::CONTROL_HEADER_BYTES);
  assign start_ready = respond_room && seal_room;
  assign start = start_valid && start_ready;

  assign new_respond.spi = ctx.spi;
  assign new_respond.n = ctx.n;
  assign new_respond.t_receive = job.received;
  assign new_respond.t_transmit = now;
  assign new_respond.data_sequence = ctx.data_sequence;
  assign new_respond.data_sequence_valid = ctx.data_sequence_valid;
  assign new_respond.token = ctx.token;
  assign new_respond.token_valid = ctx.token_valid;

  assign new_seal.sa = ctx.sa;
  assign new_seal.length = length;

  assign new_header.echo = 1'b0;
  assign new_header.l2 = record.l2;
  assign new_header.l3 = record.l3;
  assign new_header.encap = record.l4.encap;
  assign new_header.sport = record.l4.sport;
  assign new_header.dport = record.l4.dport;
  assign new_header.spi = record.l4.spi;
  assign new_header.seq = record.l4.seq;
  assign new_header.message = datapath_pkg::MESSAGE_ECHO_REPLY;
  assign new_header.code = '0;
  assign new_header.subject = ctx.spi;
  assign new_header.transaction = record.control.transaction;
  assign new_header.length = length;

  assign new_answer.counter = sapulse_pkg::COUNTER_ANSWERED;
  assign new_answer.from_line = 1'b1;
  assign new_answer.entered = 1'b1;
  assign new_answer.epoch = job.job.epoch;

  // Two jobs: the one in the kernel's hands and the next.
  sync_fifo #(
      .WIDTH($bits(new_respond)),
      .DEPTH(2)
  ) u_respond_jobs (
      .clk,
      .rst,
      .in_valid(start),
      .in_ready(respond_room),
      .in_data(new_respond),
      .out_valid(respond_job_valid),
      .out_ready(respond_job_ready),
      .out_data(respond_job)
  );

  // As many as respond holds on the way to seal.
  sync_fifo #(
      .WIDTH($bits(new_seal) + $bits(new_header) + $bits(new_answer)),
      .DEPTH(8)
  ) u_seal_jobs (
      .clk,
      .rst,
      .in_valid(start),
      .in_ready(seal_room),
      .in_data({new_answer, new_header, new_seal}),
      .out_valid(seal_valid),
      .out_ready(seal_ready),
      .out_data({seal_answer, seal_header, seal_job})
  );

endmodule

`default_nettype wire
