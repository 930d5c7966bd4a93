// SPDX-License-Identifier: Apache-2.0
// seal_mux with numbers for jobs, beats and what follows the packets.
`default_nettype none

module seal_mux_bench (
    input wire clk,
    input wire rst,

    input  wire         reply_valid,
    output logic        reply_ready,
    input  wire  [31:0] reply_data,
    input  wire         reply_last,
    input  wire         reply_job_valid,
    output logic        reply_job_ready,
    input  wire  [31:0] reply_number,

    input  wire         request_valid,
    output logic        request_ready,
    input  wire  [31:0] request_data,
    input  wire         request_last,
    input  wire         request_job_valid,
    output logic        request_job_ready,
    input  wire  [31:0] request_number,

    output logic        out_valid,
    input  wire         out_ready,
    output logic [31:0] out_data,
    output logic        out_last,
    output logic        job_valid,
    input  wire         job_ready,
    output logic [13:0] job_number,
    output logic        meta_valid,
    input  wire         meta_ready,
    output logic [31:0] meta
);

  /* verilator lint_off UNUSEDSIGNAL */  // the bench looks at numbers alone
  sapulse_pkg::seal_job job;
  sapulse_pkg::payload_beat out;
  /* verilator lint_on UNUSEDSIGNAL */

  function automatic sapulse_pkg::seal_job job_of(input logic [31:0] number);
    job_of = '0;
    job_of.length = number[13:0];
  endfunction
  assign job_number = job.length;
  assign out_data = out.data[31:0];
  assign out_last = out.last;

  seal_mux #(
      .META_BITS(32)
  ) dut (
      .reply({reply_last, 480'd0, reply_data}),
      .reply_job(job_of(reply_number)),
      .reply_meta(reply_number),
      .request({request_last, 480'd0, request_data}),
      .request_job(job_of(request_number)),
      .request_meta(request_number),
      .*
  );

endmodule

`default_nettype wire
