// SPDX-License-Identifier: Apache-2.0
// async_fifo of 16 words of 32 bits.
`default_nettype none

module async_fifo_bench (
    input  wire         in_clk, in_rst, in_valid,
    input  wire  [31:0] in_data,
    output logic        in_ready,
    input  wire         out_clk, out_rst, out_ready,
    output logic        out_valid,
    output logic [31:0] out_data
);

  stream_if #(logic [31:0]) in (), out ();
  assign in.valid = in_valid, in.data = in_data, in_ready = in.ready;
  assign out_valid = out.valid, out_data = out.data, out.ready = out_ready;

  async_fifo u_fifo (.in_clk, .in_rst, .in, .out_clk, .out_rst, .out);

endmodule

`default_nettype wire
