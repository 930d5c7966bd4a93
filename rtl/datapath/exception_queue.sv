// SPDX-License-Identifier: Apache-2.0
// Keeps exceptions until host_interface takes them, so that a slow host does not hold up the control path, and drops those that find
// no room in the ring.
//
// EXCEPTIONS: exceptions held, a power of two.
// in_*: from exception_builder, no back-pressure; room: another one fits, valid from the cycle after in_first.
// exc_*: to host_interface; exc_room is looked at right before an exception's first beat.
// done_*: an exception has been handed over or dropped; done_counter says which. done_entered, done_epoch: it ends with that.
`default_nettype none
`include "sapulse_assert.svh"

module exception_queue #(
    parameter int unsigned EXCEPTIONS = 32
) (
    input wire clk,
    input wire rst,

    output logic         room,
    input  wire          in_valid,
    input  wire  [511:0] in_data,
    input  wire          in_first,
    input  wire          in_last,
    input  wire          in_copy,
    input  wire          in_entered,
    input  wire          in_epoch,

    input  wire          exc_room,
    output logic         exc_valid,
    input  wire          exc_ready,
    output logic [511:0] exc_data,
    output logic         exc_last,

    output logic       done_valid,
    output logic [5:0] done_counter,
    output logic       done_entered,
    output logic       done_epoch
);

  localparam int unsigned BEATS = EXCEPTIONS * (sapulse_pkg::EXCEPTION_BYTES / 64);
  localparam int unsigned COUNT_W = $clog2(EXCEPTIONS) + 1;

  logic beat_valid, beat_ready, beat_ready_in, copy, last;
  logic middle, dropping, drop, pop;
  logic [COUNT_W-1:0] count;  // exceptions begun and not yet done

  sync_fifo #(
      .WIDTH(516),
      .DEPTH(BEATS),
      .BLOCK_RAM(1'b1)
  ) u_beats (
      .clk,
      .rst,
      .in_valid,
      .in_ready(beat_ready_in),
      .in_data({in_copy, in_entered, in_epoch, in_last, in_data}),
      .out_valid(beat_valid),
      .out_ready(beat_ready),
      .out_data({copy, done_entered, done_epoch, last, exc_data})
  );

  // Whether to drop is decided at the first beat and holds for all of them.
  assign drop = middle ? dropping : !exc_room;
  assign exc_valid = beat_valid && !drop;
  assign exc_last = last;
  assign beat_ready = drop || exc_ready;
  assign pop = beat_valid && beat_ready;

  assign done_valid = pop && last;
  always_comb begin
    if (drop) done_counter = copy ? sapulse_pkg::COUNTER_COPIES_LIMITED : sapulse_pkg::COUNTER_DROP_RING_FULL;
    else done_counter = copy ? sapulse_pkg::COUNTER_HOST_COPIES : sapulse_pkg::COUNTER_HOST;
  end

  logic begun;
  assign begun = in_valid && in_first;

  always_ff @(posedge clk) begin
    if (beat_valid) begin
      dropping <= drop;
      middle <= !(pop && last);
    end
    if (begun != done_valid) count <= begun ? count + 1'b1 : count - 1'b1;
    // Builder and this register may have one more under way each.
    room <= count < COUNT_W'(EXCEPTIONS - 2);
    if (rst) begin
      middle <= 1'b0;
      count <= '0;
      room <= 1'b0;
    end
  end

  `SAPULSE_ASSERT(clk, rst, !in_valid || beat_ready_in, "exception_queue: overflow")

endmodule

`default_nettype wire
