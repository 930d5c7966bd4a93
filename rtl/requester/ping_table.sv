// SPDX-License-Identifier: Apache-2.0
// The pings that are outstanding: gives out transactions, matches replies, tells what has timed out.
//
// A transaction is {2'b10, generation, index}: an index is used again with the next generation, the one freed longest ago first.
//
// ready: low after reset until the table has been cleared.
// free_*: the next transaction to use, if there is one. open_*: it has been sent, with t_origin (clock, ns) and the deadline of its reply
//   (uptime, ns); valid/ready.
// reply_*: a reply whose transaction has bits 31:30 = 10; valid/ready. result_*: what has become of it, one cycle, in order:
//   MATCHED (its event has been handed over), LATE (timed out, or of an earlier use of the index), UNASKED (never sent, of another SA,
//   answered before), FULL (no room for its event; the ping stays outstanding).
// event_*, event_full: see event_writer. Each opened ping ends in exactly one event. A time-out waits for room.
//
// One operation every four cycles: address, RAM, compare, decide. The sweep visits one entry whenever nothing else is to be done, and after
// every 15 other operations.
`default_nettype none
`include "sapulse_assert.svh"

module ping_table #(
    parameter int unsigned PINGS = sapulse_pkg::PINGS
) (
    input  wire         clk,
    input  wire         rst,
    output logic        ready,
    input  wire  [63:0] uptime,

    output logic        free_valid,
    output logic [31:0] free_transaction,
    input  wire         open_valid,
    output logic        open_ready,
    input  wire  [15:0] open_sa,
    input  wire  [31:0] open_cookie,
    input  wire  [63:0] open_t_origin,
    input  wire  [63:0] open_deadline,

    input  wire                   reply_valid,
    output logic                  reply_ready,
    /* verilator lint_off UNUSEDSIGNAL */  // reply_match has used the rest
    input  requester_pkg::reply_t reply,
    /* verilator lint_on UNUSEDSIGNAL */
    output logic                  result_valid,
    output logic [1:0]            result,

    output logic                  event_valid,
    input  wire                   event_ready,
    input  wire                   event_full,
    output requester_pkg::event_t event_out
);

  localparam int unsigned INDEX_W = $clog2(PINGS);
  localparam int unsigned GENERATION_W = 30 - INDEX_W;

  localparam logic [1:0] NEVER = 2'd0;  // cleared by the sweep after reset
  localparam logic [1:0] OPEN = 2'd1;
  localparam logic [1:0] ANSWERED = 2'd2;
  localparam logic [1:0] TIMED_OUT = 2'd3;

  typedef struct packed {
    logic [1:0]              state;
    logic [GENERATION_W-1:0] generation;
    logic [15:0]             sa;
    logic [31:0]             cookie;
    logic [63:0]             t_origin;
    logic [63:0]             deadline;  // uptime
  } entry_t;
  localparam int unsigned ENTRY_BITS = 2 + GENERATION_W + 16 + 32 + 64 + 64;

  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] READ = 2'd1;
  localparam logic [1:0] COMPARE = 2'd2;
  localparam logic [1:0] DECIDE = 2'd3;

  logic [1:0] step;
  logic clearing, is_reply, start_open, start_reply, start_visit, commit, done, write_valid, free_again;
  logic [INDEX_W-1:0] clear_index, visit_index, reply_index, address;
  logic [3:0] others;  // operations since the last visit
  logic [ENTRY_BITS-1:0] stored;
  entry_t entry, opened, changed;
  logic open_state, timed_out_state, same_generation, older, same_sa, expired;
  logic [GENERATION_W-1:0] generation_behind;

  assign ready = !clearing;

  // Free transactions, without their two fixed bits.
  logic free_room;
  logic [29:0] free_head, freed;
  assign freed = {entry.generation + 1'b1, address};
  sync_fifo #(
      .WIDTH(30),
      .DEPTH(PINGS),
      .BLOCK_RAM(1'b1)
  ) free (
      .clk,
      .rst,
      .in_valid(clearing || free_again),
      .in_ready(free_room),
      .in_data(clearing ? 30'(clear_index) : freed),
      .out_valid(free_valid),
      .out_ready(start_open),
      .out_data(free_head)
  );
  assign free_transaction = {2'b10, free_head};

  // Choice of the next operation.
  logic visit_turn;
  assign visit_turn = &others;
  assign start_open = step == IDLE && !clearing && open_valid;
  assign start_reply = step == IDLE && !clearing && !open_valid && reply_valid && !visit_turn;
  assign start_visit = step == IDLE && !clearing && !open_valid && !start_reply;
  assign open_ready = start_open;
  assign reply_index = reply.transaction[INDEX_W-1:0];

  always_comb begin
    if (clearing) address = clear_index;
    else if (start_open) address = free_head[INDEX_W-1:0];
    else if (step == IDLE) address = start_reply ? reply_index : visit_index;
    else address = is_reply ? reply_index : visit_index;
  end

  assign opened.state = OPEN;
  assign opened.generation = free_head[29:INDEX_W];
  assign opened.sa = open_sa;
  assign opened.cookie = open_cookie;
  assign opened.t_origin = open_t_origin;
  assign opened.deadline = open_deadline;

  always_comb begin
    changed = entry;
    changed.state = is_reply ? ANSWERED : TIMED_OUT;
  end

  assign write_valid = start_open || commit;

  sa_ram #(
      .WIDTH(ENTRY_BITS),
      .DEPTH(PINGS)
  ) entries (
      .clk,
      .sweep_valid(clearing),
      .sweep_address(clear_index),
      .write_valid,
      .write_address(address),
      .write_data(start_open ? opened : changed),
      .read_address(address),
      .read_data(stored)
  );

  assign generation_behind = entry.generation - reply.transaction[29:INDEX_W];

  // READ is the cycle in which the RAM answers; COMPARE works on its register.
  always_ff @(posedge clk) begin
    case (step)
      IDLE: if (start_reply || start_visit) step <= READ;
      READ: step <= COMPARE;
      COMPARE: step <= DECIDE;
      default: if (done) step <= IDLE;
    endcase
    if (step == IDLE) is_reply <= start_reply;
    if (step == READ) entry <= stored;
    open_state <= entry.state == OPEN;
    timed_out_state <= entry.state == TIMED_OUT;
    same_generation <= generation_behind == '0 && entry.state != NEVER;
    older <= !generation_behind[GENERATION_W-1] && generation_behind != '0 && entry.state != NEVER;
    same_sa <= entry.sa == reply.sa;
    expired <= entry.state == OPEN && uptime >= entry.deadline;
    if (start_visit) others <= '0;
    else if ((start_open || start_reply) && !visit_turn) others <= others + 1'b1;
    if (rst) begin
      step <= IDLE;
      others <= '0;
    end
  end

  // DECIDE.
  logic wanted;
  assign wanted = same_generation && same_sa && open_state;
  always_comb begin
    result = requester_pkg::RESULT_UNASKED;
    if (wanted) result = event_full ? requester_pkg::RESULT_FULL : requester_pkg::RESULT_MATCHED;
    else if (older || (same_generation && same_sa && timed_out_state)) result = requester_pkg::RESULT_LATE;
  end
  assign event_valid = step == DECIDE && (is_reply ? wanted : expired);
  assign commit = event_valid && event_ready;
  // A reply waits while another event is under way; a time-out is looked at again.
  assign done = !is_reply || commit || event_full || !wanted;
  assign free_again = commit;
  assign result_valid = step == DECIDE && is_reply && done;
  assign reply_ready = result_valid;

  always_ff @(posedge clk) begin
    clear_index <= clear_index + 1'b1;
    if (&clear_index) clearing <= 1'b0;
    // An entry that waits for room is not passed over.
    if (step == DECIDE && !is_reply && (!expired || event_ready)) visit_index <= visit_index + 1'b1;
    if (rst) begin
      clearing <= 1'b1;
      clear_index <= '0;
      visit_index <= '0;
    end
  end

  always_comb begin
    event_out = '0;
    event_out.sa = entry.sa;
    event_out.cookie = entry.cookie;
    event_out.t_origin = entry.t_origin;
    event_out.transaction = {2'b10, entry.generation, address};
    if (is_reply) begin
      event_out.kind = sapulse_pkg::EVENT_KIND_PING_REPLY;
      event_out.flags = reply.flags;
      event_out.t_arrival = reply.t_arrival;
      event_out.t_receive = reply.t_receive;
      event_out.t_transmit = reply.t_transmit;
      event_out.n = reply.n;
      event_out.data_sequence = reply.data_sequence;
      event_out.frame_length = reply.frame_length;
      event_out.token = reply.token;
    end else begin
      event_out.kind = sapulse_pkg::EVENT_KIND_PING_TIMEOUT;
    end
  end

  `SAPULSE_ASSERT(clk, rst, !(start_open && !free_valid), "ping_table: a ping without a transaction")
  `SAPULSE_ASSERT(clk, rst, !(free_again && !free_room), "ping_table: an index freed twice")

endmodule

`default_nettype wire
