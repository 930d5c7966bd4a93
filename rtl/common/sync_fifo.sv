// SPDX-License-Identifier: Apache-2.0
// FIFO of one clock, first word falls through.
//
// DEPTH: words that it holds, a power of two; BLOCK_RAM: 1 for block RAM (a word shows three cycles after it was written), 0 for
// distributed RAM (one cycle). in.ready does not depend on out.ready.
// SECRETS: 1 for words that must not outlive their use (distributed RAM only): while the FIFO is empty and nothing comes, in.data
// is written into one word after the other. So DEPTH idle cycles after in.data shows no secret any more, there is none in here.
`default_nettype none
`include "sapulse_assert.svh"

module sync_fifo #(
    parameter int unsigned DEPTH = 16,
    parameter bit BLOCK_RAM = 1'b0,
    parameter bit SECRETS = 1'b0
) (
    input wire clk,
    input wire rst,

    stream_if.sink   in,
    stream_if.source out
);

  if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("sync_fifo: DEPTH must be a power of two, at least 2");
  end
  if (BLOCK_RAM && SECRETS) begin : g_secrets
    $error("sync_fifo: block RAM is never overwritten");
  end
  if (in.WIDTH != out.WIDTH) begin : g_width
    $error("sync_fifo: in and out are of different widths");
  end

  localparam int unsigned ADDRESS_W = $clog2(DEPTH);

  // One bit more than an address, so that full and empty differ. count includes the words in the read registers of block RAM.
  logic [ADDRESS_W:0] write_pointer, read_pointer, count;
  logic push, pop, fetch, fetch_ready, unread, idle;

  assign in.ready = !count[ADDRESS_W];
  assign push = in.valid && in.ready;
  assign pop = out.valid && out.ready;
  assign unread = write_pointer != read_pointer;
  assign fetch = unread && fetch_ready;
  assign idle = SECRETS && !in.valid && !unread;

  always_ff @(posedge clk) begin
    if (push || idle) write_pointer <= write_pointer + 1'b1;
    if (fetch || idle) read_pointer <= read_pointer + 1'b1;
    if (push != pop) count <= push ? count + 1'b1 : count - 1'b1;
    if (rst) begin
      write_pointer <= '0;
      read_pointer <= '0;
      count <= '0;
    end
  end

  if (BLOCK_RAM) begin : g_block
    /* verilator lint_off UNUSEDSIGNAL */  // for FIFOs whose words must leave without gaps
    logic followed;
    /* verilator lint_on UNUSEDSIGNAL */
    fifo_memory #(
        .WIDTH(in.WIDTH),
        .DEPTH(DEPTH)
    ) u_ram (
        .clk, .rst,
        .write_valid(push),
        .write_address(write_pointer[ADDRESS_W-1:0]),
        .write_data(in.data),
        .fetch_valid(unread),
        .fetch_ready,
        .fetch_address(read_pointer[ADDRESS_W-1:0]),
        .forget(1'b0),
        .out,
        .followed
    );
  end else begin : g_distributed
    (* ram_style = "distributed" *)
    logic [in.WIDTH-1:0] memory[0:DEPTH-1];
    always_ff @(posedge clk) begin
      if (push || idle) memory[write_pointer[ADDRESS_W-1:0]] <= in.data;
    end
    assign fetch_ready = out.ready;
    assign out.valid = unread;
    assign out.data = memory[read_pointer[ADDRESS_W-1:0]];
  end

  `SAPULSE_ASSERT(clk, rst, write_pointer - read_pointer <= count, "sync_fifo: more words unread than held")
  `SAPULSE_ASSERT(clk, rst, 32'(count) <= DEPTH, "sync_fifo: more words than DEPTH")

endmodule

`default_nettype wire
