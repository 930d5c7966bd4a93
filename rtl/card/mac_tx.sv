// SPDX-License-Identifier: Apache-2.0
// From the core to a MAC that cannot take gaps: a frame leaves once all of it is there. Frames that are marked bad end here, and so
// do all frames while the link is down, so that a dead port does not stop the other one. A frame in which a bit flips in here ends
// marked bad, which the MAC sends with a wrong FCS.
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

  typedef logic [$bits(sapulse_pkg::axis_beat)+2:0] kept_t;  // see beat_guard

  stream_if #(kept_t) entering (), crossed (), voted (), gated (), frame ();
  frame_write_if #(kept_t) write ();
  /* verilator lint_off UNUSEDSIGNAL */  // but for its end
  sapulse_pkg::axis_beat beat;  // that of gated
  /* verilator lint_on UNUSEDSIGNAL */
  logic abort;

  beat_guard u_guard (.word(in.data), .kept(entering.data));
  assign entering.valid = in.valid;
  assign in.ready = entering.ready;

  async_fifo u_crossing (
      .in_clk(core_clk),
      .in_rst(core_fifo_rst),
      .in(entering),
      .out_clk(mac_clk),
      .out_rst(mac_fifo_rst),
      .out(crossed)
  );

  // What decides where frames end must not have flipped. An abort is not kept, so its parity does not matter.
  beat_vote u_vote (.kept(crossed.data), .voted(voted.data));
  assign voted.valid = crossed.valid;
  assign crossed.ready = voted.ready;

  frame_gate #(
      .T(kept_t),
      .ABORT_WAITS(1'b0)
  ) u_gate (
      .clk(mac_clk),
      .restart(mac_fifo_rst),
      .closed(mac_rst || !up),
      .in(voted),
      .out(gated),
      .abort
  );
  assign gated.ready = write.ready;
  assign write.valid = gated.valid && (write.ready || abort);
  assign write.beat = gated.data;
  assign beat = sapulse_pkg::axis_beat'(gated.data);
  assign write.keep = beat.last && !beat.user;

  // Not reset together with the core: a frame that the MAC has begun goes on to its end.
  logic unused_fault;  // frame_check sees it
  frame_fifo #(
      .T(kept_t),
      .GUARDED(1'b1),
      .DEPTH(DEPTH)
  ) u_frames (
      .clk(mac_clk),
      .rst(mac_rst),
      .in(write),
      .out(frame),
      .fault(unused_fault)
  );
  frame_check u_check (.clk(mac_clk), .rst(mac_rst), .in(frame), .out);

  `SAPULSE_ASSERT(mac_clk, mac_rst, !gated.valid || abort || !write.ready || !write.overflow, "mac_tx: a beat is lost")

endmodule

`default_nettype wire
