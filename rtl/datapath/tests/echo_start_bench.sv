// SPDX-License-Identifier: Apache-2.0
// echo_start with a number for each echo, of which all fields of its record are made, and another one for the beats of its packet.
//
// order_is_right: all of the order is what belongs to order_number.
`default_nettype none

module echo_start_bench (
    input wire clk,
    input wire rst,

    input  wire         echo_valid,
    output logic        echo_ready,
    input  wire  [31:0] echo_number,
    output logic        order_valid,
    input  wire         order_ready,
    output logic [31:0] order_number,
    output logic        order_is_right,

    input  wire         request_valid,
    output logic        request_ready,
    input  wire  [31:0] request_data,
    input  wire         request_last,
    output logic        reply_valid,
    input  wire         reply_ready,
    output logic [31:0] reply_data,
    output logic        reply_last,

    output logic fifo_fault
);

  localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES;

  function automatic sapulse_pkg::l2_t l2_of(input logic [31:0] number);
    l2_of = {$bits(sapulse_pkg::l2_t){1'b1}};
    l2_of.dst = 48'(number);
    l2_of.tags = number[5:4];
  endfunction

  function automatic sapulse_pkg::l3_t l3_of(input logic [31:0] number);
    l3_of = '{dst: {4{number}}, src: {4{~number}}, dscp: number[9:4], v6: number[0]};
  endfunction

  function automatic datapath_pkg::control_job_t job_of(input logic [31:0] number);
    job_of = {$bits(datapath_pkg::control_job_t){1'b1}};
    job_of.job.record.l2 = l2_of(number);
    job_of.job.record.l3 = l3_of(number);
    job_of.job.record.l4.encap = number[1:0];
    job_of.job.record.l4.sport = number[15:0];
    job_of.job.record.l4.dport = number[31:16];
    job_of.job.record.l4.seq = number + 32'd1;
    job_of.job.record.echo_length = number[13:0];
  endfunction

  function automatic datapath_pkg::header_order_t order_of(input logic [31:0] number);
    order_of = '0;
    order_of.header.echo = 1'b1;
    order_of.header.l2 = l2_of(number);
    order_of.header.l3 = l3_of(number);
    order_of.header.encap = number[1:0];
    order_of.header.sport = number[15:0];
    order_of.header.dport = number[31:16];
    order_of.header.spi = sapulse_pkg::SPI_ECHO_REPLY;
    order_of.header.seq = number + 32'd1;
    order_of.header.length = number[13:0];
    order_of.answer.counter = sapulse_pkg::COUNTER_ECHO_ANSWERED;
    order_of.answer.from_line = 1'b1;
  endfunction

  stream_if #(datapath_pkg::control_job_t) echo ();
  stream_if #(datapath_pkg::header_order_t) echo_header ();
  stream_if #(sapulse_pkg::payload_beat) request (), reply ();

  assign echo.valid = echo_valid, echo.data = job_of(echo_number), echo_ready = echo.ready;
  assign order_valid = echo_header.valid, echo_header.ready = order_ready;
  assign order_number = echo_header.data.header.l2.dst[31:0];
  assign order_is_right = echo_header.data == order_of(order_number);
  assign request.valid = request_valid, request_ready = request.ready;
  assign request.data = '{last: request_last, data: DATA_W'(request_data)};
  assign reply_valid = reply.valid, reply.ready = reply_ready;
  assign reply_data = reply.data.data[31:0], reply_last = reply.data.last;

  echo_start u_dut (.clk, .rst, .echo, .echo_header, .request, .reply, .fifo_fault);

  wire unused = &{1'b0, reply.data.data[DATA_W-1:32]};

endmodule

`default_nettype wire
