// SPDX-License-Identifier: Apache-2.0
// sync_fifo of DEPTH 32-bit words, or with DEPTH = 0 axis_register, with loose ports.
`default_nettype none

module stream_bench #(
    parameter int unsigned DEPTH = 8,
    parameter int unsigned BLOCK_RAM = 0,
    parameter int unsigned SECRETS = 0,
    parameter int unsigned HEAD_BITS = 0
) (
    input wire clk,
    input wire rst,

    input  wire         in_valid,
    output logic        in_ready,
    input  wire  [31:0] in_data,

    output logic        out_valid,
    input  wire         out_ready,
    output logic [31:0] out_data,
    output logic        fault,
    output logic [1:0]  told_after  // cycles from the one in which a word leaves
);

  assign told_after = 2'd2;

  stream_if #(logic [31:0]) in (), out ();

  assign in.valid = in_valid;
  assign in.data = in_data;
  assign in_ready = in.ready;
  assign out_valid = out.valid;
  assign out_data = out.data;
  assign out.ready = out_ready;

  if (DEPTH == 0) begin : g_register
    axis_register u_register (.clk, .rst, .in, .out);
    assign fault = 1'b0;
  end else begin : g_fifo
    sync_fifo #(
        .DEPTH(DEPTH), .BLOCK_RAM(BLOCK_RAM != 0), .SECRETS(SECRETS != 0), .HEAD_BITS(HEAD_BITS)
    ) u_fifo (.clk, .rst, .in, .out, .fault);
  end

endmodule

`default_nettype wire
