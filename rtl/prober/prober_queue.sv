// SPDX-License-Identifier: Apache-2.0
// FIFO for a source that cannot wait: it looks at room before it decides to put something in.
//
// WIDTH: bits of a word; DEPTH: words, a power of two; BLOCK_RAM: see sync_fifo.
// room: what is decided in this cycle fits if it is put in at most two cycles later, and there is at most one decision in two cycles.
`default_nettype none
`include "sapulse_assert.svh"

module prober_queue #(
    parameter int unsigned WIDTH = 8,
    parameter int unsigned DEPTH = 16,
    parameter bit BLOCK_RAM = 1'b0
) (
    input  wire              clk,
    input  wire              rst,
    output logic             room,
    input  wire              in_valid,
    input  wire  [WIDTH-1:0] in_data,
    output logic             out_valid,
    input  wire              out_ready,
    output logic [WIDTH-1:0] out_data
);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;

  logic in_ready;
  logic [COUNT_W-1:0] held;
  wire out_taken = out_valid && out_ready;

  always_ff @(posedge clk) begin
    if (in_valid != out_taken) held <= in_valid ? held + 1'b1 : held - 1'b1;
    room <= held < COUNT_W'(DEPTH - 3);
    if (rst) begin
      held <= {COUNT_W{1'b0}};
      room <= 1'b0;
    end
  end

  sync_fifo #(
      .WIDTH(WIDTH),
      .DEPTH(DEPTH),
      .BLOCK_RAM(BLOCK_RAM)
  ) fifo (
      .clk,
      .rst,
      .in_valid,
      .in_ready,
      .in_data,
      .out_valid,
      .out_ready,
      .out_data
  );

  `SAPULSE_ASSERT(clk, rst, !(in_valid && !in_ready), "prober_queue: a word was lost")

endmodule

`default_nettype wire
