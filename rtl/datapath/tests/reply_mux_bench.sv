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

  localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES;

  function automatic datapath_pkg::header_order_t order_of(input logic [31:0] number);
    order_of = '0;
    order_of.header.transaction = number;
    order_of.answer = datapath_pkg::answer_t'(number);
  endfunction

  stream_if #(sapulse_pkg::payload_beat) sealed (), echo (), payload ();
  stream_if #(datapath_pkg::header_order_t) sealed_header (), echo_header ();
  stream_if #(sapulse_pkg::icv_t) sealed_icv (), icv ();
  stream_if #(sapulse_pkg::header_job) header_job ();
  stream_if #(datapath_pkg::answer_t) answer ();

  assign sealed.valid = sealed_valid;
  assign sealed_ready = sealed.ready;
  assign sealed.data = '{last: sealed_last, data: DATA_W'(sealed_data)};
  assign sealed_header.valid = sealed_header_valid;
  assign sealed_header_ready = sealed_header.ready;
  assign sealed_header.data = order_of(sealed_number);
  assign sealed_icv.valid = sealed_icv_valid;
  assign sealed_icv_ready = sealed_icv.ready;
  assign sealed_icv.data = '{present: 1'b1, icv: 128'(sealed_icv_number)};
  assign echo.valid = echo_valid;
  assign echo_ready = echo.ready;
  assign echo.data = '{last: echo_last, data: DATA_W'(echo_data)};
  assign echo_header.valid = echo_header_valid;
  assign echo_header_ready = echo_header.ready;
  assign echo_header.data = order_of(echo_number);

  assign header_valid = header_job.valid;
  assign header_job.ready = header_ready;
  assign header_number = header_job.data.transaction;
  assign payload_valid = payload.valid;
  assign payload.ready = payload_ready;
  assign payload_data = payload.data.data[31:0];
  assign payload_last = payload.data.last;
  assign icv_valid = icv.valid;
  assign icv.ready = icv_ready;
  assign icv_number = icv.data.icv[31:0];
  assign icv_present = icv.data.present;
  assign answer_valid = answer.valid;
  assign answer.ready = answer_ready;
  assign answer_number = {answer.data.entered, answer.data.epoch};

  reply_mux u_dut (
      .clk, .rst,
      .sealed, .sealed_header, .sealed_icv,
      .echo, .echo_header,
      .header_job, .payload, .icv, .answer,
      .fifo_fault()
  );

endmodule

`default_nettype wire
