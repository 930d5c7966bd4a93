// SPDX-License-Identifier: Apache-2.0
// From the core to a MAC that cannot take gaps: a frame leaves once all of it is there. Frames that are marked bad end here, and so
// do all frames while the link is down, so that a dead port does not stop the other one.
//
// DEPTH    beats, a power of two; no frame of the core is longer
// mac_rst  the MAC is in reset; mac_fifo_rst, core_fifo_rst: see crossing_reset
// up       the link is up, in mac_clk
// in       in core_clk; out: in mac_clk
`default_nettype none
`include "sapulse_assert.svh"

module mac_tx #(
    parameter int unsigned DEPTH = 512
) (
    input wire     core_clk,
    input wire     core_fifo_rst,
    stream_if.sink in,  // axis_beat

    input wire       mac_clk,
    input wire       mac_rst,
    input wire       mac_fifo_rst,
    input wire       up,
    stream_if.source out  // axis_beat
);

  stream_if #(sapulse_pkg::axis_beat) crossed (), gated (), frame ();
  frame_write_if write ();
  logic abort;

  async_fifo u_crossing (
      .in_clk(core_clk),
      .in_rst(core_fifo_rst),
      .in,
      .out_clk(mac_clk),
      .out_rst(mac_fifo_rst),
      .out(crossed)
  );

  frame_gate #(
      .ABORT_WAITS(1'b0)
  ) u_gate (
      .clk(mac_clk),
      .restart(mac_fifo_rst),
      .closed(mac_rst || !up),
      .in(crossed),
      .out(gated),
      .abort
  );
  assign gated.ready = write.ready;
  assign write.valid = gated.valid && (write.ready || abort);
  assign write.beat = gated.data;
  assign write.keep = gated.data.last && !gated.data.user;

  // Not reset together with the core: a frame that the MAC has begun goes on to its end.
  logic unused_fault;  // counted in the core alone
  frame_fifo #(
      .DEPTH(DEPTH)
  ) u_frames (
      .clk(mac_clk),
      .rst(mac_rst),
      .in(write),
      .out(frame),
      .fault(unused_fault)
  );
  assign out.valid = frame.valid;
  assign frame.ready = out.ready;
  always_comb begin
    out.data = frame.data;
    out.data.user = 1'b0;  // means something with the last beat alone, and bad frames do not get here
  end

  `SAPULSE_ASSERT(mac_clk, mac_rst, !gated.valid || abort || !write.ready || !write.overflow, "mac_tx: a beat is lost")

endmodule

`default_nettype wire
