// SPDX-License-Identifier: Apache-2.0
// customer_fifo with loose ports. A beat is made from 32 bits, which fill its data.
`default_nettype none

module customer_fifo_bench (
    input wire clk,
    input wire rst,

    input  wire         in_valid,
    output logic        in_ready,
    input  wire  [31:0] in_data,
    input  wire         in_last,

    output logic         out_valid,
    input  wire          out_ready,
    output logic [511:0] out_data,
    output logic         out_last,

    output logic odd,
    output logic fault
);

  stream_if #(sapulse_pkg::axis_beat) in (), out ();

  assign in.valid = in_valid;
  assign in.data = '{user: 1'b0, last: in_last, keep: '1, data: {16{in_data}}};
  assign in_ready = in.ready;
  assign out_valid = out.valid;
  assign out_data = out.data.data;
  assign out_last = out.data.last;
  assign out.ready = out_ready;

  datapath_pkg::sums_t sums;
  assign odd = ^sums;

  customer_fifo #(.DEPTH(8)) u_fifo (.clk, .rst, .in, .out, .sums, .fault);

  wire unused = &{1'b0, out.data.keep, out.data.user};

endmodule

`default_nettype wire
