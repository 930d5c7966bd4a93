// SPDX-License-Identifier: Apache-2.0
// Bounds what one source, and one SA, holds of control_fifo: while the control path is crowded, who holds a quarter finds no room,
// so that a flood takes its own room and not that of others.
//
// A frame is held for by its source and, if it is to be opened, by its SA: a peer with one SA can forge sources, and one with many
// SAs has one source. It counts as its beats, but for a 64th of control_fifo at least, since there is room for 64 frames, too.
//
// asked      holder of the frame that steer has in hands; over, two cycles later: it finds no room if the control path is crowded
// taken      this frame, of `length` bytes, goes into control_fifo, for `holder`
// left       the frame that has been there longest has left
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module control_share (
    input wire clk,
    input wire rst,

    input  datapath_pkg::holder_t asked,
    output logic                  over,

    input wire                   taken,
    input datapath_pkg::holder_t holder,
    input wire [15:0]            length,
    input wire                   left,

    output logic fifo_fault
);

  localparam int unsigned BEAT_W = $clog2(sapulse_pkg::BEAT_BYTES);
  localparam int unsigned UNITS_W = $clog2(sapulse_pkg::MAX_FRAME_BYTES / sapulse_pkg::BEAT_BYTES + 2);
  localparam int unsigned LEAST = datapath_pkg::CONTROL_BEATS / datapath_pkg::CONTROL_FRAMES;
  localparam int unsigned LIMIT = datapath_pkg::CONTROL_BEATS / 4;
  // All of control_fifo, in frames that are as long as they are many.
  localparam int unsigned TOTAL_W = $clog2(2 * datapath_pkg::CONTROL_BEATS) + 1;

  typedef struct packed {
    datapath_pkg::holder_t holder;
    logic [UNITS_W-1:0]    units;
  } share_t;

  stream_if #(share_t) entering (), held ();
  logic [UNITS_W-1:0] beats;
  logic over_source, over_sa, asked_ping, asked_ping_2;

  // A register for the sake of the clock: three cycles after it was taken, a frame shows.
  assign beats = UNITS_W'((17'(length) + 17'(sapulse_pkg::BEAT_BYTES - 1)) >> BEAT_W);
  always_ff @(posedge clk) begin
    entering.valid <= taken && !rst;
    entering.data <= '{holder: holder, units: beats < UNITS_W'(LEAST) ? UNITS_W'(LEAST) : beats};
  end

  // Frames leave in the order in which they came.
  assign held.ready = left;
  sync_fifo #(.DEPTH(2 * datapath_pkg::CONTROL_FRAMES)) u_held (.clk, .rst, .in(entering), .out(held), .fault(fifo_fault));

  share_count #(
      .SHARES(datapath_pkg::CONTROL_SHARES), .UNITS_W(UNITS_W), .TOTAL_W(TOTAL_W), .LIMIT(LIMIT)
  ) u_sources (
      .clk, .rst,
      .asked(asked.source),
      .over(over_source),
      .taken_valid(entering.valid),
      .taken(entering.data.holder.source),
      .taken_units(entering.data.units),
      .given_valid(left),
      .given(held.data.holder.source),
      .given_units(held.data.units)
  );

  share_count #(
      .SHARES(datapath_pkg::CONTROL_SHARES), .UNITS_W(UNITS_W), .TOTAL_W(TOTAL_W), .LIMIT(LIMIT)
  ) u_sas (
      .clk, .rst,
      .asked(asked.sa),
      .over(over_sa),
      .taken_valid(entering.valid && entering.data.holder.ping),
      .taken(entering.data.holder.sa),
      .taken_units(entering.data.units),
      .given_valid(left && held.data.holder.ping),
      .given(held.data.holder.sa),
      .given_units(held.data.units)
  );

  always_ff @(posedge clk) begin
    asked_ping <= asked.ping;
    asked_ping_2 <= asked_ping;
  end
  assign over = over_source || (over_sa && asked_ping_2);

  `SAPULSE_ASSERT(clk, rst, !entering.valid || entering.ready, "control_share: more frames than control_fifo holds")
  `SAPULSE_ASSERT(clk, rst, !left || held.valid, "control_share: a frame leaves that has not entered")

endmodule

`default_nettype wire
