// SPDX-License-Identifier: Apache-2.0
// axis_register of 32-bit words with loose ports.
`default_nettype none

module axis_register_bench (
    input wire clk,
    input wire rst,

    input  wire         in_valid,
    output logic        in_ready,
    input  wire  [31:0] in_data,

    output logic        out_valid,
    input  wire         out_ready,
    output logic [31:0] out_data
);

  stream_if #(logic [31:0]) in (), out ();

  assign in.valid = in_valid;
  assign in.data = in_data;
  assign in_ready = in.ready;
  assign out_valid = out.valid;
  assign out_data = out.data;
  assign out.ready = out_ready;

  axis_register u_register (.clk, .rst, .in, .out);

endmodule

`default_nettype wire
