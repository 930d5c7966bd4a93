// SPDX-License-Identifier: Apache-2.0
// Ring of exceptions or events: numbers its entries and writes them.
//
// entry_t       type of an entry, of a power of two of bytes, more than a beat; its member `count` is filled in
// LOG2_DEPTH  log2 of the entries that are buffered: enough to bridge the latency of host memory in a burst of entries
//
// starting     see ring_restart
// implausible, memory_fault  see ring_writer
`include "sapulse_assert.svh"

`default_nettype none

module numbered_ring #(
    parameter type entry_t = sapulse_pkg::exception_t,
    parameter int unsigned LOG2_DEPTH = 6
) (
    input wire clk,
    input wire rst,

    input  host_pkg::ring_switch_t   switch,
    input  host_pkg::ring_config_t   cfg,
    output host_pkg::ring_progress_t progress,
    output logic                     starting,
    output logic                     implausible,

    ring_entry_if.sink  entries,
    dma_write_if.client write,

    output logic memory_fault
);
  localparam int unsigned ENTRY_BYTES = $bits(entry_t) / 8;
  localparam int unsigned LOG2_BEATS = $clog2(ENTRY_BYTES / host_pkg::BEAT_BYTES);

  host_pkg::ring_control_t control;
  logic idle;
  logic [LOG2_BEATS-1:0] beat_q;
  logic [31:0] accepted;
  entry_t mask, number;
  host_pkg::beat_t [2**LOG2_BEATS-1:0] masks, numbers;  // the same, as beats
  ring_entry_if numbered ();

  assign entries.room = numbered.room;
  assign entries.ready = numbered.ready;
  assign numbered.valid = entries.valid;
  always_comb begin
    mask = '0;
    mask.count = '1;
    number = '0;
    number.count = accepted;
  end
  assign masks = mask;
  assign numbers = number;
  assign numbered.beat = '{last: entries.beat.last, data: (entries.beat.data & ~masks[beat_q]) | numbers[beat_q]};

  always_ff @(posedge clk) begin
    if (rst) begin
      beat_q <= '0;
    end else if (entries.valid && entries.ready) begin
      beat_q <= beat_q + 1'b1;
    end
  end

  ring_restart u_restart (.clk, .rst, .switch, .idle, .control, .starting);

  ring_writer #(
      .ENTRY_BYTES(ENTRY_BYTES),
      .LOG2_DEPTH(LOG2_DEPTH)
  ) u_writer (
      .clk, .rst,
      .control, .cfg, .idle,
      .accepted, .progress, .implausible,
      .entries(numbered),
      .write, .memory_fault
  );

  `SAPULSE_ASSERT(clk, rst, !(entries.valid && entries.ready) || entries.beat.last == (&beat_q),
                  "an entry has another number of beats")

endmodule

`default_nettype wire
