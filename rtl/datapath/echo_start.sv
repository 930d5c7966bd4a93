// SPDX-License-Identifier: Apache-2.0
// Header jobs of clear echo replies.
//
// DEPTH: echoes between dispatch and reply_mux. job_*: frames with ROUTE_ECHO; header_*: see reply_start. All valid/ready.
`default_nettype none

module echo_start #(
    parameter int unsigned DEPTH = 16
) (
    input wire clk,
    input wire rst,

    input  wire                        job_valid,
    output logic                       job_ready,
    /* verilator lint_off UNUSEDSIGNAL */  // an echo has no SA and no control header
    input  datapath_pkg::control_job_t job,
    /* verilator lint_on UNUSEDSIGNAL */

    output logic                         header_valid,
    input  wire                          header_ready,
    output sapulse_pkg::header_job header,
    output datapath_pkg::answer_t        header_answer
);

  /* verilator lint_off UNUSEDSIGNAL */
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */
  sapulse_pkg::header_job new_header;
  datapath_pkg::answer_t new_answer;

  assign record = job.job.record;

  assign new_header.echo = 1'b1;
  assign new_header.l2 = record.l2;
  assign new_header.l3 = record.l3;
  assign new_header.encap = record.l4.encap;
  assign new_header.sport = record.l4.sport;
  assign new_header.dport = record.l4.dport;
  assign new_header.spi = datapath_pkg::SPI_ECHO_REPLY;
  assign new_header.seq = record.l4.seq;
  assign new_header.message = '0;
  assign new_header.code = '0;
  assign new_header.subject = '0;
  assign new_header.transaction = '0;
  assign new_header.length = 14'(record.l4.limit - 17'(record.l4.payload));

  assign new_answer.counter = sapulse_pkg::COUNTER_ECHO_ANSWERED;
  assign new_answer.from_line = 1'b1;
  assign new_answer.entered = 1'b0;
  assign new_answer.epoch = 1'b0;

  sync_fifo #(
      .WIDTH($bits(new_header) + $bits(new_answer)),
      .DEPTH(DEPTH)
  ) u_header_jobs (
      .clk,
      .rst,
      .in_valid(job_valid),
      .in_ready(job_ready),
      .in_data({new_answer, new_header}),
      .out_valid(header_valid),
      .out_ready(header_ready),
      .out_data({header_answer, header})
  );

endmodule

`default_nettype wire
