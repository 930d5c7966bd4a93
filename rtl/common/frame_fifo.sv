// SPDX-License-Identifier: Apache-2.0
// FIFO of whole frames: a frame can be read once its last beat has been written and kept, then without gaps; a dropped frame
// leaves no trace.
//
// DEPTH: beats, a power of two.
// in: a writer that waits for in.ready must not send frames of more than DEPTH beats.
// out: three cycles after the last beat was written.
`default_nettype none
`include "sapulse_assert.svh"

module frame_fifo #(
    parameter int unsigned DEPTH = 512
) (
    input wire clk,
    input wire rst,

    frame_write_if.sink in,
    stream_if.source    out  // axis_beat
);

  localparam int unsigned ADDRESS_W = $clog2(DEPTH);

  if (DEPTH < 4 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("frame_fifo: DEPTH must be a power of two, at least 4");
  end

  // Pointers have one bit more than addresses, so that full and empty differ.
  logic [ADDRESS_W:0] write_pointer, frame_pointer, read_pointer, used;
  logic lost, write, keep, fetch_valid, fetch_ready;

  assign used = write_pointer - read_pointer;
  assign in.ready = !used[ADDRESS_W];
  assign in.half = used[ADDRESS_W] || used[ADDRESS_W-1];
  assign in.overflow = lost || !in.ready;
  assign write = in.valid && !in.overflow;
  assign keep = write && in.beat.last && !in.drop;
  assign fetch_valid = frame_pointer != read_pointer;

  always_ff @(posedge clk) begin
    if (in.valid && in.beat.last) begin
      lost <= 1'b0;
      write_pointer <= keep ? write_pointer + 1'b1 : frame_pointer;
      if (keep) frame_pointer <= write_pointer + 1'b1;
    end else if (in.valid) begin
      lost <= in.overflow;
      if (write) write_pointer <= write_pointer + 1'b1;
    end
    if (fetch_valid && fetch_ready) read_pointer <= read_pointer + 1'b1;
    if (rst) begin
      lost <= 1'b0;
      write_pointer <= '0;
      frame_pointer <= '0;
      read_pointer <= '0;
    end
  end

  fifo_memory #(
      .WIDTH(out.WIDTH),
      .DEPTH(DEPTH)
  ) u_ram (
      .clk, .rst,
      .write_valid(write),
      .write_address(write_pointer[ADDRESS_W-1:0]),
      .write_data(in.beat),
      .fetch_valid,
      .fetch_ready,
      .fetch_address(read_pointer[ADDRESS_W-1:0]),
      .out
  );

  `SAPULSE_ASSERT(clk, rst, frame_pointer - read_pointer <= used, "frame_fifo: more beats kept than written")
  `SAPULSE_ASSERT(clk, rst, 32'(used) <= DEPTH, "frame_fifo: more beats than DEPTH")

endmodule

`default_nettype wire
