// SPDX-License-Identifier: Apache-2.0
// FIFO of beats that tells whether the first beat of a frame that has not been chosen yet is in it.
//
// in_*, out_*: valid/ready; the last bit of a frame is in_last and travels in the data. waits: there is such a frame; chosen: it has
// been chosen now.
`default_nettype none
`include "sapulse_assert.svh"

module frame_waits #(
    parameter int unsigned WIDTH = 513,
    parameter int unsigned DEPTH = 64
) (
    input wire clk,
    input wire rst,

    input  wire              in_valid,
    output logic             in_ready,
    input  wire              in_last,
    input  wire  [WIDTH-1:0] in_data,

    output logic             out_valid,
    input  wire              out_ready,
    output logic [WIDTH-1:0] out_data,

    output logic waits,
    input  wire  chosen
);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;

  logic middle, begins;
  logic [COUNT_W-1:0] waiting;

  assign begins = in_valid && in_ready && !middle;
  assign waits = waiting != '0;

  always_ff @(posedge clk) begin
    if (in_valid && in_ready) middle <= !in_last;
    if (begins != chosen) waiting <= begins ? waiting + 1'b1 : waiting - 1'b1;
    if (rst) begin
      middle <= 1'b0;
      waiting <= '0;
    end
  end

  sync_fifo #(
      .WIDTH(WIDTH),
      .DEPTH(DEPTH)
  ) u_beats (
      .clk,
      .rst,
      .in_valid,
      .in_ready,
      .in_data,
      .out_valid,
      .out_ready,
      .out_data
  );

  `SAPULSE_ASSERT(clk, rst, !chosen || waits, "frame_waits: chosen without a frame")

endmodule

`default_nettype wire
