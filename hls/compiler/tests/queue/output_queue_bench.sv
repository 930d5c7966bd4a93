// SPDX-License-Identifier: Apache-2.0
// hls_output_queue of 32-bit words behind a kernel that writes in its first stage, with the ports of stream_bench.
`default_nettype none

module stream_bench #(
    parameter int unsigned DEPTH = 8,
    parameter int unsigned LATE = 0
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
    output logic [1:0]  told_after
);

  logic push;
  assign push = in_valid && in_ready;
  assign told_after = 2'd3;

  hls_output_queue #(
      .WIDTH(32), .DEPTH(DEPTH), .LATE(LATE), .PARITY(1)
  ) u_queue (
      .clk, .rst_n(!rst),
      .issue(push), .room(in_ready), .done(push), .write(push), .wdata(in_data),
      .tdata(out_data), .tvalid(out_valid), .tready(out_ready),
      .fault
  );

endmodule

`default_nettype wire
