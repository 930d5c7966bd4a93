// SPDX-License-Identifier: Apache-2.0
// reply_mux with beats, jobs and ICVs cut down to the number of their packet.
`default_nettype none

module reply_mux_bench (
    input wire clk,
    input wire rst,

    input  wire         sealed_valid,
    output logic        sealed_ready,
    input  wire  [31:0] sealed_data,
    input  wire         sealed_last,
    input  wire         sealed_header_valid,
    output logic        sealed_header_ready,
    input  wire  [31:0] sealed_number,
    input  wire         sealed_icv_valid,
    output logic        sealed_icv_ready,
    input  wire  [31:0] sealed_icv_number,
    input  wire         echo_valid,
    output logic        echo_ready,
    input  wire  [31:0] echo_data,
    input  wire         echo_last,
    input  wire         echo_header_valid,
    output logic        echo_header_ready,
    input  wire  [31:0] echo_number,

    output logic        header_valid,
    input  wire         header_ready,
    output logic [31:0] header_number,
    output logic        payload_valid,
    input  wire         payload_ready,
    output logic [31:0] payload_data,
    output logic        payload_last,
    output logic        icv_valid,
    input  wire         icv_ready,
    output logic [31:0] icv_number,
    output logic        icv_present,
    output logic        answer_valid,
    input  wire         answer_ready,
    output logic [ 1:0] answer_number
);

  function automatic sapulse_pkg::header_job job_of(input logic [31:0] number);
    job_of = '0;
    job_of.transaction = number;
  endfunction

  sapulse_pkg::icv_t sealed_icv;
  /* verilator lint_off UNUSEDSIGNAL */
  sapulse_pkg::header_job header;
  sapulse_pkg::payload_beat payload;
  sapulse_pkg::icv_t icv;
  datapath_pkg::answer_t answer;
  /* verilator lint_on UNUSEDSIGNAL */

  assign sealed_icv.present = 1'b1;
  assign sealed_icv.icv = {96'd0, sealed_icv_number};

  reply_mux dut (
      .sealed({sealed_last, 480'd0, sealed_data}),
      .sealed_header(job_of(sealed_number)),
      .sealed_answer(datapath_pkg::answer_t'(sealed_number)),
      .echo({echo_last, 480'd0, echo_data}),
      .echo_header(job_of(echo_number)),
      .echo_answer(datapath_pkg::answer_t'(echo_number)),
      .*
  );

  assign header_number = header.transaction;
  assign payload_data = payload.data[31:0];
  assign payload_last = payload.last;
  assign icv_number = icv.icv[31:0];
  assign icv_present = icv.present;
  assign answer_number = answer[1:0];

endmodule

`default_nettype wire
