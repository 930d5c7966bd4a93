// SPDX-License-Identifier: Apache-2.0
// From a MAC that cannot wait to the core: a frame that does not fit is lost whole and counted.
//
// DEPTH    beats that wait while the core does not take them, a power of two; longer frames are lost
// mac_rst  the MAC is in reset; mac_fifo_rst, core_fifo_rst: see crossing_reset
// in       in mac_clk; its ready means nothing. out: in core_clk. Frames that the MAC has found bad go on, marked; so do
//          those in which a bit has flipped in here
// lost     frames lost so far, modulo 2^32, in mac_clk
`default_nettype none

module mac_rx #(
    parameter int unsigned DEPTH = 512
) (
    input wire          mac_clk,
    input wire          mac_rst,
    input wire          mac_fifo_rst,
    stream_if.sink      in,  // axis_beat
    output logic [31:0] lost,

    input wire       core_clk,
    input wire       core_fifo_rst,
    stream_if.source out  // axis_beat
);

  typedef logic [$bits(sapulse_pkg::axis_beat)+2:0] kept_t;  // see beat_guard

  stream_if #(sapulse_pkg::axis_beat) gated ();
  stream_if #(kept_t) frame (), crossed ();
  frame_write_if #(kept_t) write ();
  logic abort;

  frame_gate u_gate (
      .clk(mac_clk),
      .restart(mac_rst),
      .closed(mac_fifo_rst),
      .in,
      .out(gated),
      .abort
  );
  assign gated.ready = 1'b1;
  assign write.valid = gated.valid;
  assign write.keep = gated.data.last && !abort;

  beat_guard u_guard (.word(gated.data), .kept(write.beat));

  logic unused_fault;  // frame_check sees it
  frame_fifo #(
      .T(kept_t),
      .GUARDED(1'b1),
      .DEPTH(DEPTH)
  ) u_frames (
      .clk(mac_clk),
      .rst(mac_fifo_rst),
      .in(write),
      .out(frame),
      .fault(unused_fault)
  );

  always_ff @(posedge mac_clk) begin
    if (write.valid && gated.data.last && (write.overflow || !write.keep)) lost <= lost + 32'd1;
    if (mac_fifo_rst) lost <= 32'd0;
  end

  async_fifo u_crossing (
      .in_clk(mac_clk),
      .in_rst(mac_fifo_rst),
      .in(frame),
      .out_clk(core_clk),
      .out_rst(core_fifo_rst),
      .out(crossed)
  );
  frame_check u_check (.clk(core_clk), .rst(core_fifo_rst), .in(crossed), .out);

endmodule

`default_nettype wire
