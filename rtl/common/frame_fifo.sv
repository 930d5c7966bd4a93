// SPDX-License-Identifier: Apache-2.0
// FIFO of whole frames: a frame can be read once its last beat has been written and kept, then without gaps; a dropped frame
// leaves no trace.
//
// WIDTH: bits of a beat; DEPTH: beats, a power of two.
// in_*: one beat. in_ready says that there is room; a writer that cannot wait may write nevertheless: the beat is lost and takes
// its frame with it (in_overflow). in_drop with in_last takes the frame back. in_overflow: this frame has lost a beat or would
// lose one now, so with in_last it is dropped whatever in_drop says.
// A writer that waits for in_ready must not send frames of more than DEPTH beats.
// out_*: valid/ready, three cycles after the last beat was written.
`default_nettype none
`include "sapulse_assert.svh"

module frame_fifo #(
    parameter int unsigned WIDTH = 577,
    parameter int unsigned DEPTH = 512,
    localparam int unsigned ADDRESS_W = $clog2(DEPTH)
) (
    input wire clk,
    input wire rst,

    input  wire              in_valid,
    output logic             in_ready,
    input  wire  [WIDTH-1:0] in_data,
    input  wire              in_last,
    input  wire              in_drop,
    output logic             in_overflow,

    output logic             out_valid,
    input  wire              out_ready,
    output logic [WIDTH-1:0] out_data,
    output logic             out_last
);

  if (DEPTH < 4 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("frame_fifo: DEPTH must be a power of two, at least 4");
  end

  // Pointers have one bit more than addresses, so that full and empty differ.
  logic [ADDRESS_W:0] write_pointer, frame_pointer, read_pointer, used;
  logic lost, write, keep, fetch_valid, fetch_ready;

  assign used = write_pointer - read_pointer;
  assign in_ready = !used[ADDRESS_W];
  assign in_overflow = lost || !in_ready;
  assign write = in_valid && !in_overflow;
  assign keep = write && in_last && !in_drop;
  assign fetch_valid = frame_pointer != read_pointer;

  always_ff @(posedge clk) begin
    if (in_valid && in_last) begin
      lost <= 1'b0;
      write_pointer <= keep ? write_pointer + 1'b1 : frame_pointer;
      if (keep) frame_pointer <= write_pointer + 1'b1;
    end else if (in_valid) begin
      lost <= in_overflow;
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
      .WIDTH(WIDTH + 1),
      .DEPTH(DEPTH)
  ) ram (
      .clk,
      .rst,
      .write_valid(write),
      .write_address(write_pointer[ADDRESS_W-1:0]),
      .write_data({in_last, in_data}),
      .fetch_valid,
      .fetch_ready,
      .fetch_address(read_pointer[ADDRESS_W-1:0]),
      .out_valid,
      .out_ready,
      .out_data({out_last, out_data})
  );

  `SAPULSE_ASSERT(clk, rst, frame_pointer - read_pointer <= used, "frame_fifo: more beats kept than written")
  `SAPULSE_ASSERT(clk, rst, 32'(used) <= DEPTH, "frame_fifo: more beats than DEPTH")

endmodule

`default_nettype wire
