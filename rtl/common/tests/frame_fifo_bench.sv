// SPDX-License-Identifier: Apache-2.0
// frame_fifo with loose ports. A beat is made from 32 bits, which fill its data, and comes back as a whole or fails an assertion.
`default_nettype none
`include "sapulse_assert.svh"

module frame_fifo_bench #(
    parameter int unsigned DEPTH = 16
) (
    input wire clk,
    input wire rst,

    input  wire         in_valid,
    output logic        in_ready,
    input  wire  [31:0] in_data,
    input  wire         in_last,
    input  wire         in_keep,
    output logic        in_overflow,
    output logic        in_half,

    output logic        out_valid,
    input  wire         out_ready,
    output logic [31:0] out_data,
    output logic        out_last,
    output logic        fault
);

  localparam int unsigned BEAT_BYTES = sapulse_pkg::BEAT_BYTES;

  function automatic sapulse_pkg::axis_beat beat(input logic [31:0] word, input logic last);
    beat = '{user: word[0], last: last, keep: {BEAT_BYTES / 4{word[7:4]}}, data: {BEAT_BYTES / 4{word}}};
  endfunction

  frame_write_if in ();
  stream_if #(sapulse_pkg::axis_beat) out ();

  assign in.valid = in_valid;
  assign in.beat = beat(in_data, in_last);
  assign in.keep = in_keep;
  assign in_ready = in.ready;
  assign in_overflow = in.overflow;
  assign in_half = in.half;
  assign out_valid = out.valid;
  assign out_data = out.data.data[31:0];
  assign out_last = out.data.last;
  assign out.ready = out_ready;

  frame_fifo #(.DEPTH(DEPTH)) u_fifo (.clk, .rst, .in, .out, .fault);

  `SAPULSE_ASSERT(clk, rst, !out.valid || out.data == beat(out_data, out_last), "a beat has changed on its way")

endmodule

`default_nettype wire
