// SPDX-License-Identifier: Apache-2.0
// The entries of all SAs, and the order of what reads and writes them: visits of the sweep, replies, commands.
//
// A round is 4 cycles: visits begin in cycles 0 and 2, a reply or command in cycle 3 (it is taken in cycle 1, commands first). So
//   neither starves the other: a sweep takes 2 * SA_CAPACITY cycles, and a reply or command can begin every 4 cycles. One that
//   meets the sweep on its SA delays it by up to 8 cycles.
// An operation is read from memory, passes probe_step and is written back 7 cycles after it began. Nothing is forwarded: an
//   operation begins only when none on the same SA is on its way. A reply or command waits for a visit of its SA that is next, too,
//   so replies on one SA at full rate cannot hold the sweep back.
// clear: clears the memory after reset; until it has ended nothing begins and nothing is taken.
// read_sa: for a memory that is read in step. begun: the operation, as probe_step wants it (begun_check: of its entry, see sa_ram);
//   the other fields of a reply or command are wanted in that cycle, at least 4 cycles after it was taken and before the next one.
// ended: the entry is written back.
`default_nettype none
`include "sapulse_assert.svh"

module probe_table #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,

    input wire sa_pkg::sweep_t         clear,
    stream_if.sink                     probe_command,  // probe_command_t
    stream_if.sink                     probe_reply,    // probe_reply_t
    output sa_pkg::sa_t                read_sa,
    output prober_pkg::operation_t     begun,
    output logic                       begun_check,
    /* verilator lint_off UNUSEDSIGNAL */  // the kind has done its work
    input wire prober_pkg::operation_t ended
    /* verilator lint_on UNUSEDSIGNAL */
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  logic [1:0] cycle;
  always_ff @(posedge clk) cycle <= rst || clear.valid ? 2'd0 : cycle + 2'd1;

  // The reply or command that is next, and those on their way: a round old, two rounds old.
  logic held_valid, held_clear, recent_valid, older_valid;
  prober_pkg::kind_t held_kind;
  logic [SA_W-1:0] held_sa, recent_sa, older_sa, visit_sa;

  wire takes = cycle == 2'd1 && !held_valid;
  wire held_begins = cycle == 2'd3 && held_valid && held_clear;
  assign probe_command.ready = takes;
  assign probe_reply.ready = takes && !probe_command.valid;

  always_ff @(posedge clk) begin
    if (held_begins) held_valid <= 1'b0;
    if (takes) begin
      held_valid <= probe_command.valid || probe_reply.valid;
      held_sa <= probe_command.valid ? probe_command.data.sa[SA_W-1:0] : probe_reply.data.sa[SA_W-1:0];
      held_kind <= prober_pkg::KIND_REPLY;
      if (probe_command.valid) begin
        case (probe_command.data.command)
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

  // Visits. Whether one would meet those on their way is decided a cycle before, with those that will be on their way then.
  logic newest_meets, recent_meets, older_meets;
  always_ff @(posedge clk) begin
    newest_meets <= held_begins && held_sa == visit_sa;
    recent_meets <= recent_valid && recent_sa == visit_sa;
    older_meets <= cycle != 2'd3 && older_valid && older_sa == visit_sa;
  end
  wire visit_begins = !cycle[0] && !newest_meets && !recent_meets && !older_meets && !clear.valid;

  always_ff @(posedge clk) begin
    if (visit_begins) visit_sa <= visit_sa + 1'b1;
    if (rst) visit_sa <= '0;
  end

  // Memory.
  logic valid_read, check_read;
  prober_pkg::kind_t kind_read;
  sa_pkg::sa_t sa_read;
  prober_pkg::entry_t entry_read;

  assign read_sa = cycle[0] ? 16'(held_sa) : 16'(visit_sa);

  sa_ram #(
      .T(prober_pkg::entry_t),
      .DEPTH(SA_CAPACITY)
  ) u_entries (
      .clk,
      .sweep(clear),
      .write_valid(ended.valid),
      .write_address(ended.sa),
      .write_data(ended.entry),
      .read_address(read_sa),
      .read_data(entry_read),
      .read_check(check_read)
  );

  always_ff @(posedge clk) begin
    valid_read <= (visit_begins || held_begins) && !rst;
    kind_read <= cycle[0] ? held_kind : prober_pkg::KIND_VISIT;
    sa_read <= read_sa;
    begun <= '{valid: valid_read && !rst, kind: kind_read, sa: sa_read, entry: entry_read};
    begun_check <= check_read;
  end

`ifndef SYNTHESIS
  // Operations on their way, by SA.
  logic busy[0:SA_CAPACITY-1];
  always_ff @(posedge clk) begin
    if (clear.valid) busy[clear.sa[SA_W-1:0]] <= 1'b0;
    if (ended.valid) busy[ended.sa[SA_W-1:0]] <= 1'b0;
    if (visit_begins || held_begins) busy[read_sa[SA_W-1:0]] <= 1'b1;
  end
  `SAPULSE_ASSERT(clk, rst, !((visit_begins || held_begins) && busy[read_sa[SA_W-1:0]]), "two operations on one SA at a time")
`endif
  `SAPULSE_ASSERT(clk, rst, !(clear.valid && ended.valid), "an entry was written before all had been cleared")

endmodule

`default_nettype wire
