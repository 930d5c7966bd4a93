// SPDX-License-Identifier: Apache-2.0
// seal_mux with numbers for jobs, beats and what follows the packets (meta).
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

  localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES;

  function automatic datapath_pkg::seal_order_t order_of(input logic [31:0] number);
    order_of = '0;
    order_of.seal.length = number[13:0];
    order_of.header.transaction = number;
  endfunction

  stream_if #(sapulse_pkg::payload_beat) replied (), request (), clear ();
  stream_if #(datapath_pkg::seal_order_t) seal_order (), request_order ();
  stream_if #(sapulse_pkg::seal_job) seal_job ();
  stream_if #(datapath_pkg::header_order_t) sealed_header ();

  assign replied.valid = reply_valid;
  assign reply_ready = replied.ready;
  assign replied.data = '{last: reply_last, data: DATA_W'(reply_data)};
  assign seal_order.valid = reply_job_valid;
  assign reply_job_ready = seal_order.ready;
  assign seal_order.data = order_of(reply_number);
  assign request.valid = request_valid;
  assign request_ready = request.ready;
  assign request.data = '{last: request_last, data: DATA_W'(request_data)};
  assign request_order.valid = request_job_valid;
  assign request_job_ready = request_order.ready;
  assign request_order.data = order_of(request_number);

  assign out_valid = clear.valid;
  assign clear.ready = out_ready;
  assign out_data = clear.data.data[31:0];
  assign out_last = clear.data.last;
  assign job_valid = seal_job.valid;
  assign seal_job.ready = job_ready;
  assign job_number = seal_job.data.length;
  assign meta_valid = sealed_header.valid;
  assign sealed_header.ready = meta_ready;
  assign meta = sealed_header.data.header.transaction;

  seal_mux u_dut (.clk, .rst, .replied, .seal_order, .request, .request_order, .clear, .seal_job, .sealed_header, .fifo_fault());

endmodule

`default_nettype wire
