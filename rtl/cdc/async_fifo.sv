// SPDX-License-Identifier: Apache-2.0
// FIFO between two clocks that know nothing of each other.
//
// DEPTH: words, a power of two. 16 words carry the full rate of the slower clock.
// in in in_clk, out in out_clk; out.data comes from a register.
// Resets: both sides must be in reset together before the first is released, for at least one edge of each clock and then two more
// of each: a pointer that is reset takes these to reach the other side. A side that is in reset takes and offers nothing.
`default_nettype none
`include "sapulse_assert.svh"

module async_fifo #(
    parameter int unsigned DEPTH = 16
) (
    input wire       in_clk,
    input wire       in_rst,
    stream_if.sink   in,

    input wire       out_clk,
    input wire       out_rst,
    stream_if.source out
);

  if (DEPTH < 4 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("async_fifo: DEPTH must be a power of two, at least 4");
  end
  if (in.WIDTH != out.WIDTH) begin : g_width
    $error("async_fifo: in and out are of different widths");
  end

  localparam int unsigned ADDRESS_W = $clog2(DEPTH);

  // One bit more than an address, so that full and empty differ. *_seen: as the other side sees it, some cycles later.
  logic [ADDRESS_W:0] write_pointer, write_pointer_seen, read_pointer, read_pointer_seen, used;
  logic push, fetch;

  (* ram_style = "distributed" *)
  logic [in.WIDTH-1:0] memory[0:DEPTH-1];
  // A name of its own for async_fifo.tcl.
  logic [in.WIDTH-1:0] out_data;
  assign out.data = out_data;

  gray_crossing #(
      .WIDTH(ADDRESS_W + 1)
  ) u_write_pointer (
      .in_clk, .in_rst,
      .in(write_pointer),
      .out_clk,
      .out(write_pointer_seen)
  );
  gray_crossing #(
      .WIDTH(ADDRESS_W + 1)
  ) u_read_pointer (
      .in_clk(out_clk),
      .in_rst(out_rst),
      .in(read_pointer),
      .out_clk(in_clk),
      .out(read_pointer_seen)
  );

  assign used = write_pointer - read_pointer_seen;
  assign in.ready = !used[ADDRESS_W] && !in_rst;
  assign push = in.valid && in.ready;

  always_ff @(posedge in_clk) begin
    if (push) memory[write_pointer[ADDRESS_W-1:0]] <= in.data;
    if (push) write_pointer <= write_pointer + 1'b1;
    if (in_rst) write_pointer <= '0;
  end

  // A word is stable in the memory before its pointer is seen here.
  assign fetch = write_pointer_seen != read_pointer && (!out.valid || out.ready);

  always_ff @(posedge out_clk) begin
    if (fetch) out_data <= memory[read_pointer[ADDRESS_W-1:0]];
    if (fetch) read_pointer <= read_pointer + 1'b1;
    out.valid <= fetch || (out.valid && !out.ready);
    if (out_rst) begin
      read_pointer <= '0;
      out.valid <= 1'b0;
    end
  end

  logic [ADDRESS_W:0] unread;
  assign unread = write_pointer_seen - read_pointer;
  `SAPULSE_ASSERT(in_clk, in_rst, 32'(used) <= DEPTH, "async_fifo: more words written than DEPTH")
  `SAPULSE_ASSERT(out_clk, out_rst, 32'(unread) <= DEPTH, "async_fifo: more words unread than DEPTH")

endmodule

`default_nettype wire
