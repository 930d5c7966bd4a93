// SPDX-License-Identifier: Apache-2.0
// FIFO of beats that tells whether the first beat of a frame that has not been chosen yet is in it.
//
// waits: there is such a frame; chosen: it has been chosen now.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module frame_waits #(
    parameter int unsigned DEPTH = 64
) (
    input wire clk,
    input wire rst,

    stream_if.sink   in,  // payload_beat, as the next
    stream_if.source out,

    output logic waits,
    input  wire  chosen,

    output logic fifo_fault
);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;

  logic middle, begins;
  logic [COUNT_W-1:0] waiting;

  assign begins = in.valid && in.ready && !middle;
  assign waits = waiting != '0;

  always_ff @(posedge clk) begin
    if (in.valid && in.ready) middle <= !in.data.last;
    if (begins != chosen) waiting <= begins ? waiting + 1'b1 : waiting - 1'b1;
    if (rst) begin
      middle <= 1'b0;
      waiting <= '0;
    end
  end

  sync_fifo #(.DEPTH(DEPTH)) u_beats (.clk, .rst, .in, .out, .fault(fifo_fault));

  `SAPULSE_ASSERT(clk, rst, !chosen || waits, "frame_waits: chosen without a frame")

endmodule

`default_nettype wire
