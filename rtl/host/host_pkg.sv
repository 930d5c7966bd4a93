// SPDX-License-Identifier: Apache-2.0
// Types and constants of the card as the host sees it.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package host_pkg;

  localparam int unsigned INTERRUPTS = sapulse_pkg::REG_INTERRUPT_STATUS_BITS;

  // ------------------------------------------------------------------------------------------------------- host memory
  localparam int unsigned BEAT_BYTES = sapulse_pkg::BEAT_BYTES;
  localparam int unsigned BEAT_SHIFT = $clog2(BEAT_BYTES);
  // No burst crosses a multiple of this, and so none crosses 4 KiB (AXI4 section A3.4.1).
  localparam int unsigned BURST_BYTES = 1024;
  localparam int unsigned BURST_BEATS = BURST_BYTES / BEAT_BYTES;
  localparam int unsigned BURST_SHIFT = $clog2(BURST_BEATS);

  typedef logic [8*BEAT_BYTES-1:0] beat_t;
  // Beats of a request: of a read at most the longest frame, of a write at most a burst.
  typedef logic [$clog2(sapulse_pkg::MAX_FRAME_BYTES/BEAT_BYTES+1)-1:0] read_beats_t;
  typedef logic [BURST_SHIFT:0] write_beats_t;

  // What changes in an AXI address channel.
  typedef struct packed {
    logic [7:0]  len;
    logic [63:0] addr;
  } burst_t;

  typedef struct packed {
    logic  last;
    beat_t data;
  } write_beat_t;

  typedef struct packed {
    logic [1:0] resp;
    beat_t      data;
  } read_beat_t;

  // A failed access.
  typedef struct packed {
    logic        valid;
    logic        was_write;
    logic [1:0]  response;  // AXI
    logic [63:0] address;   // of the beat read, or of the burst written
  } dma_error_t;

  // ------------------------------------------------------------------------------------------------------------- rings
  typedef logic [8*sapulse_pkg::COMMAND_BYTES-1:0] command_t;

  // What the host has written about a ring.
  typedef struct packed {
    logic [63:0] base;   // address of the first entry, a multiple of the entry's size
    logic [3:0]  log2;   // log2 of the number of entries
    logic [31:0] index;  // the host's: producer of the command ring, consumer of the others
  } ring_config_t;

  typedef struct packed {
    logic enable;  // the ring is to run
    logic start;   // one cycle: enable has just risen, all indices begin at 0
  } ring_switch_t;

  typedef struct packed {
    ring_switch_t command_switch;    // of commands and completions
    ring_switch_t exception_switch;
    ring_switch_t event_switch;
    ring_config_t commands;
    ring_config_t completions;
    ring_config_t exceptions;
    ring_config_t events;
    logic [63:0]  status_block;      // address
  } rings_config_t;

  // The card's indices as the host reads them: consumer of the command ring, producers of the others.
  typedef struct packed {
    logic [31:0] commands;
    logic [31:0] completions;
    logic [31:0] exceptions;
    logic [31:0] events;
  } ring_indices_t;

  // What ring_restart tells the modules of a ring.
  typedef struct packed {
    logic run;    // something new may begin
    logic clear;  // one cycle, while nothing is under way: set all indices to 0, forget what is buffered
  } ring_control_t;

  // How far a ring is that the card writes.
  typedef struct packed {
    logic        run;
    logic        written;   // one cycle: producer has moved
    logic [31:0] producer;  // entries written so far
  } ring_progress_t;

  // --------------------------------------------------------------------------------------------------------- registers
  // CONTROL and EXCEPTION_COPIES; copies: of the causes INTEGRITY, REPLAYED, MALFORMED, VERSION.
  typedef struct packed {
    logic       enable;
    logic       authoritative;
    logic       probing;
    logic [3:0] exception_copies;
  } device_control_t;

  // STATUS but for its bit DMA_ERROR.
  typedef struct packed {
    logic ready;
    logic idle;
    logic doorbell;
    logic dma_idle;
  } device_status_t;

  typedef struct packed {
    logic        load;       // one cycle: the clock shows `value` in the next one and counts on from there
    logic [63:0] value;      // ns
    logic [47:0] increment;  // added every cycle, unsigned fixed point 16.32 ns
  } clock_setting_t;

endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
