// SPDX-License-Identifier: Apache-2.0
// FIFO of one clock, first word falls through.
//
// WIDTH: bits of a word; DEPTH: words that it holds, a power of two; BLOCK_RAM: 1 for block RAM (a word shows three cycles after
// it was written), 0 for distributed RAM (one cycle).
// in_*, out_*: valid/ready; in_ready does not depend on out_ready.
`default_nettype none
`include "sapulse_assert.svh"

module sync_fifo #(
    parameter int unsigned WIDTH = 8,
    parameter int unsigned DEPTH = 16,
    parameter bit BLOCK_RAM = 1'b0
) (
    input wire clk,
    input wire rst,

    input  wire              in_valid,
    output logic             in_ready,
    input  wire  [WIDTH-1:0] in_data,

    output logic             out_valid,
    input  wire              out_ready,
    output logic [WIDTH-1:0] out_data
);

  if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("sync_fifo: DEPTH must be a power of two, at least 2");
  end

  localparam int unsigned ADDRESS_W = $clog2(DEPTH);

  // One bit more than an address, so that full and empty differ. count includes the words in the read registers of block RAM.
  logic [ADDRESS_W:0] write_pointer, read_pointer, count;
  logic push, pop, fetch, fetch_ready, unread;

  assign in_ready = !count[ADDRESS_W];
  assign push = in_valid && in_ready;
  assign pop = out_valid && out_ready;
  assign unread = write_pointer != read_pointer;
  assign fetch = unread && fetch_ready;

  always_ff @(posedge clk) begin
    if (push) write_pointer <= write_pointer + 1'b1;
    if (fetch) read_pointer <= read_pointer + 1'b1;
    if (push != pop) count <= push ? count + 1'b1 : count - 1'b1;
    if (rst) begin
      write_pointer <= '0;
      read_pointer <= '0;
      count <= '0;
    end
  end

  if (BLOCK_RAM) begin : g_block
    fifo_memory #(
        .WIDTH(WIDTH),
        .DEPTH(DEPTH)
    ) ram (
        .clk,
        .rst,
        .write_valid(push),
        .write_address(write_pointer[ADDRESS_W-1:0]),
        .write_data(in_data),
        .fetch_valid(unread),
        .fetch_ready,
        .fetch_address(read_pointer[ADDRESS_W-1:0]),
        .out_valid,
        .out_ready,
        .out_data
    );
  end else begin : g_distributed
    (* ram_style = "distributed" *)
    logic [WIDTH-1:0] memory[0:DEPTH-1];
    always_ff @(posedge clk) begin
      if (push) memory[write_pointer[ADDRESS_W-1:0]] <= in_data;
    end
    assign fetch_ready = out_ready;
    assign out_valid = unread;
    assign out_data = memory[read_pointer[ADDRESS_W-1:0]];
  end

  `SAPULSE_ASSERT(clk, rst, write_pointer - read_pointer <= count, "sync_fifo: more words unread than held")
  `SAPULSE_ASSERT(clk, rst, 32'(count) <= DEPTH, "sync_fifo: more words than DEPTH")

endmodule

`default_nettype wire
