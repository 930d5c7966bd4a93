// SPDX-License-Identifier: Apache-2.0
// Keeps exceptions until host_interface takes them, so that a slow host does not hold up the control path, and drops those that
// find no room in the ring.
//
// EXCEPTIONS: exceptions held, a power of two.
// built: from exception_builder, without waiting; begun: this is the first beat of an exception; room: another one fits, valid from
// the cycle after that.
// exceptions: to host_interface.
// done: an exception has been handed over or dropped; done_leave: and its frame had entered.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module exception_queue #(
    parameter int unsigned EXCEPTIONS = 32
) (
    input wire clk,
    input wire rst,

    stream_if.sink built,  // exception_beat_t
    input wire     begun,
    output logic   room,

    ring_entry_if.source exceptions,

    output datapath_pkg::ending_t done,
    output sa_pkg::passage_t      done_leave,

    output logic fifo_fault
);

  localparam int unsigned BEATS = EXCEPTIONS * (sapulse_pkg::EXCEPTION_BYTES / sapulse_pkg::BEAT_BYTES);
  localparam int unsigned COUNT_W = $clog2(EXCEPTIONS) + 1;

  stream_if #(datapath_pkg::exception_beat_t) head ();
  logic middle, dropping, drop;
  logic [COUNT_W-1:0] count;  // exceptions begun and not yet done

  sync_fifo #(.DEPTH(BEATS), .BLOCK_RAM(1'b1)) u_beats (.clk, .rst, .in(built), .out(head), .fault(fifo_fault));

  // Whether to drop is decided at the first beat and holds for all of them.
  assign drop = middle ? dropping : !exceptions.room;
  assign exceptions.valid = head.valid && !drop;
  assign exceptions.beat = head.data.beat;
  assign head.ready = drop || exceptions.ready;

  assign done.valid = head.valid && head.ready && head.data.beat.last;
  always_comb begin
    if (drop) done.counter = head.data.copy ? sapulse_pkg::COUNTER_COPIES_LIMITED : sapulse_pkg::COUNTER_DROP_RING_FULL;
    else done.counter = head.data.copy ? sapulse_pkg::COUNTER_HOST_COPIES : sapulse_pkg::COUNTER_HOST;
  end
  assign done_leave = '{valid: done.valid && head.data.entered, epoch: head.data.epoch};

  always_ff @(posedge clk) begin
    if (head.valid) begin
      dropping <= drop;
      middle <= !done.valid;
    end
    if (begun != done.valid) count <= begun ? count + 1'b1 : count - 1'b1;
    // Builder and this register may have one more under way each.
    room <= count < COUNT_W'(EXCEPTIONS - 2);
    if (rst) begin
      middle <= 1'b0;
      count <= '0;
      room <= 1'b0;
    end
  end

  `SAPULSE_ASSERT(clk, rst, !built.valid || built.ready, "exception_queue: overflow")

endmodule

`default_nettype wire
