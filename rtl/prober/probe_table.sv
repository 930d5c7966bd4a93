// SPDX-License-Identifier: Apache-2.0
// The entries of all SAs, and the order of what reads and writes them: visits of the sweep, replies, commands.
//
// A round is 4 cycles: visits begin in cycles 0 and 2, a reply or command in cycle 3 (it is taken in cycle 1, commands first). So
//   neither starves the other: a sweep takes 2 * SA_CAPACITY cycles, and a reply or command can begin every 4 cycles. One that meets
//   the sweep on its SA delays it by up to 8 cycles.
// An operation is read from memory, passes probe_step and is written back 7 cycles after it began. Nothing is forwarded: an operation
//   begins only when none on the same SA is on its way. A reply or command waits for a visit of its SA that is next, too, so replies
//   on one SA at full rate cannot hold the sweep back.
// clear: clears the memory after reset; until it has ended nothing begins and nothing is taken.
// read_sa: for a memory that is read in step. *_0: the operation, as probe_step wants it; the other fields of a reply or command are
//   wanted in that cycle, at least 4 cycles after it was taken and before the next one is.
`default_nettype none
`include "sapulse_assert.svh"

module probe_table #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire                       clk,
    input  wire                       rst,
    input  wire                       clear_valid,
    input  wire  [          SA_W-1:0] clear_sa,

    input  wire                       command_valid,
    output logic                      command_ready,
    input  wire  [               1:0] command,
    input  wire  [          SA_W-1:0] command_sa,
    input  wire                       reply_valid,
    output logic                      reply_ready,
    input  wire  [          SA_W-1:0] reply_sa,

    output logic [          SA_W-1:0] read_sa,
    output logic                      valid_0,
    output logic [               2:0] kind_0,
    output logic [          SA_W-1:0] sa_0,
    output prober_pkg::entry_t        entry_0,

    input  wire                       write_valid,
    input  wire  [          SA_W-1:0] write_sa,
    input  wire  prober_pkg::entry_t  write_entry
);

  logic [1:0] cycle;
  always_ff @(posedge clk) cycle <= rst || clear_valid ? 2'd0 : cycle + 2'd1;

  // ---- The reply or command that is next, and those on their way: a round old, two rounds old.
  logic held_valid, held_clear, recent_valid, older_valid;
  logic [2:0] held_kind;
  logic [SA_W-1:0] held_sa, recent_sa, older_sa, visit_sa;

  wire takes = cycle == 2'd1 && !held_valid;
  wire held_begins = cycle == 2'd3 && held_valid && held_clear;
  assign command_ready = takes;
  assign reply_ready = takes && !command_valid;

  always_ff @(posedge clk) begin
    if (held_begins) held_valid <= 1'b0;
    if (takes) begin
      held_valid <= command_valid || reply_valid;
      held_sa <= command_valid ? command_sa : reply_sa;
      held_kind <= prober_pkg::KIND_REPLY;
      if (command_valid) begin
        case (command)
          prober_pkg::COMMAND_WRITE: held_kind <= prober_pkg::KIND_WRITE;
          prober_pkg::COMMAND_BURST: held_kind <= prober_pkg::KIND_BURST;
          default: held_kind <= prober_pkg::KIND_READ;
        endcase
      end
    end
    if (cycle == 2'd3) begin
      recent_valid <= held_begins;
      recent_sa <= held_sa;
      older_valid <= recent_valid;
      older_sa <= recent_sa;
    end
    if (rst) {held_valid, recent_valid, older_valid} <= 3'd0;
  end

  // In cycle 2: is one of the last four visits, or the one that is next, of that SA?
  wire [SA_W-1:0] behind = visit_sa - held_sa;
  always_ff @(posedge clk) held_clear <= behind >= SA_W'(4) && !(recent_valid && recent_sa == held_sa);

  // ---- Visits.
  wire visit_meets = (recent_valid && recent_sa == visit_sa) || (older_valid && older_sa == visit_sa);
  wire visit_begins = !cycle[0] && !visit_meets && !clear_valid;

  always_ff @(posedge clk) begin
    if (visit_begins) visit_sa <= visit_sa + 1'b1;
    if (rst) visit_sa <= {SA_W{1'b0}};
  end

  // ---- Memory.
  logic valid_read;
  logic [2:0] kind_read;
  logic [SA_W-1:0] sa_read;
  logic [prober_pkg::ENTRY_BITS-1:0] entry_read;

  assign read_sa = cycle[0] ? held_sa : visit_sa;

  sa_ram #(
      .WIDTH(prober_pkg::ENTRY_BITS),
      .DEPTH(SA_CAPACITY)
  ) entries (
      .clk,
      .sweep_valid(clear_valid),
      .sweep_address(clear_sa),
      .write_valid,
      .write_address(write_sa),
      .write_data(write_entry),
      .read_address(read_sa),
      .read_data(entry_read)
  );

  always_ff @(posedge clk) begin
    valid_read <= (visit_begins || held_begins) && !rst;
    kind_read <= cycle[0] ? held_kind : prober_pkg::KIND_VISIT;
    sa_read <= read_sa;
    valid_0 <= valid_read && !rst;
    kind_0 <= kind_read;
    sa_0 <= sa_read;
    entry_0 <= entry_read;
  end

`ifndef SYNTHESIS
  // Operations on their way, by SA.
  logic busy[0:SA_CAPACITY-1];
  always_ff @(posedge clk) begin
    if (clear_valid) busy[clear_sa] <= 1'b0;
    if (write_valid) busy[write_sa] <= 1'b0;
    if (visit_begins || held_begins) busy[read_sa] <= 1'b1;
  end
  `SAPULSE_ASSERT(clk, rst, !((visit_begins || held_begins) && busy[read_sa]), "two operations on one SA at a time")
`endif
  `SAPULSE_ASSERT(clk, rst, !(clear_valid && write_valid), "an entry was written before all had been cleared")

endmodule

`default_nettype wire
