// SPDX-License-Identifier: Apache-2.0
// The pings that are outstanding: gives out transactions, matches replies, tells what has timed out.
//
// A transaction is {2'b10, generation, index}: an index is used again with the next generation, the one freed longest ago first.
//
// ready: low after reset until the table has been cleared.
// free: the next transaction to use, if there is one. open: it has been sent.
// ping_reply: one whose transaction has bits 31:30 = 10. ping_verdict, some cycles later and in order: what has become of it:
//   MATCHED (its event has been handed over), LATE (timed out, or of an earlier use of the index), UNASKED (never sent, of another
//   SA, answered before, or with another t_origin than the ping had: it answers what was asked in an earlier life), FULL (no room
//   for its event; the ping stays outstanding).
// fault: the entry of an operation was damaged. It ends as TIMED_OUT, without an event, and its index is not used again if it was
//   outstanding, for nobody knows whether it was: one that is freed twice would give two pings one transaction.
// ping_event, event_full: an event, without its time; see event_writer. Each opened ping ends in exactly one, unless its entry is
//   damaged. A time-out waits for room.
//
// An operation takes four cycles: address, RAM, compare, decide. The next one begins with the decision, so replies can come every
// three cycles; a new ping takes a cycle more. The sweep visits one entry whenever nothing else is to be done, and after every 31
// other operations.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module ping_table #(
    parameter int unsigned PINGS = sapulse_pkg::PINGS
) (
    input wire        clk,
    input wire        rst,
    output logic      ready,
    input wire [63:0] uptime,

    output requester_pkg::free_t         free,
    stream_if.sink                       open,        // sent_ping_t
    stream_if.sink                       ping_reply,  // reply_t
    output requester_pkg::ping_verdict_t ping_verdict,

    stream_if.source ping_event,  // event_t
    input wire       event_full,

    output sa_pkg::fault_t fault,

    output logic fifo_fault
);

  localparam int unsigned INDEX_W = $clog2(PINGS);
  localparam int unsigned GENERATION_W = 30 - INDEX_W;

  // NEVER: cleared by the sweep after reset.
  typedef enum logic [1:0] {NEVER, OPEN, ANSWERED, TIMED_OUT} state_t;

  typedef struct packed {
    state_t                    state;
    logic [GENERATION_W-1:0]   generation;
    requester_pkg::sent_ping_t ping;
  } entry_t;

  enum logic [1:0] {IDLE, READ, COMPARE, DECIDE} step;
  logic clearing, is_reply, start_open, start_reply, start_visit, commit, done, write_valid, free_again;
  logic [INDEX_W-1:0] clear_index, visit_index, next_index, index;
  logic [4:0] others;  // operations since the last visit
  /* verilator lint_off UNUSEDSIGNAL */  // what concerns its end alone
  requester_pkg::reply_t reply;  // the one under way
  /* verilator lint_on UNUSEDSIGNAL */
  entry_t stored, entry, opened, changed;
  logic stored_check, entry_check, damaged, heal;
  logic open_state, timed_out_state, same_generation, older, same_sa, same_origin, expired;
  logic [GENERATION_W-1:0] generation_behind;

  assign ready = !clearing;

  // Free transactions, without their two fixed bits.
  stream_if #(logic [29:0]) freed (), spare ();
  assign freed.valid = clearing || free_again;
  assign freed.data = clearing ? 30'(clear_index) : {entry.generation + 1'b1, index};
  assign spare.ready = start_open;
  assign free = '{valid: spare.valid, transaction: {2'b10, spare.data}};
  sync_fifo #(
      .DEPTH(PINGS),
      .BLOCK_RAM(1'b1)
  ) u_free (.clk, .rst, .in(freed), .out(spare), .fault(fifo_fault));

  // Choice of the next operation. It begins with the decision of the one before, unless it would read what that one writes.
  logic visit_turn, takes_reply, begins, other;
  assign takes_reply = ping_reply.valid && !visit_turn;
  assign next_index = takes_reply ? ping_reply.data.transaction[INDEX_W-1:0] : visit_index;
  assign other = takes_reply ? ping_reply.data.transaction[INDEX_W-1:0] != index : visit_index != index;
  assign begins = !clearing && !open.valid && (step == IDLE || (step == DECIDE && done && other));
  assign start_open = step == IDLE && !clearing && open.valid;
  assign start_reply = begins && takes_reply;
  assign start_visit = begins && !takes_reply;
  assign open.ready = start_open;
  assign ping_reply.ready = start_reply;

  assign opened = '{state: OPEN, generation: spare.data[29:INDEX_W], ping: open.data};

  always_comb begin
    changed = entry;
    changed.state = is_reply ? ANSWERED : TIMED_OUT;
    if (damaged) changed = '{state: TIMED_OUT, default: '0};
  end

  assign write_valid = start_open || commit || heal;

  sa_ram #(
      .T(entry_t),
      .DEPTH(PINGS)
  ) u_entries (
      .clk,
      .sweep('{valid: clearing, sa: 16'(clear_index)}),
      .write_valid,
      .write_address(start_open ? 16'(spare.data[INDEX_W-1:0]) : 16'(index)),
      .write_data(start_open ? opened : changed),
      .read_address(16'(next_index)),
      .read_data(stored),
      .read_check(stored_check)
  );

  assign generation_behind = entry.generation - reply.transaction[29:INDEX_W];

  // READ is the cycle in which the RAM answers; COMPARE works on its register.
  always_ff @(posedge clk) begin
    case (step)
      IDLE: if (begins) step <= READ;
      READ: step <= COMPARE;
      COMPARE: step <= DECIDE;
      default: if (done) step <= begins ? READ : IDLE;
    endcase
    if (begins) begin
      is_reply <= takes_reply;
      index <= next_index;
      reply <= ping_reply.data;
    end
    if (step == READ) {entry, entry_check} <= {stored, stored_check};
    damaged <= ^{entry, entry_check};
    open_state <= entry.state == OPEN;
    timed_out_state <= entry.state == TIMED_OUT;
    same_generation <= generation_behind == '0 && entry.state != NEVER;
    older <= !generation_behind[GENERATION_W-1] && generation_behind != '0 && entry.state != NEVER;
    same_sa <= entry.ping.sa == reply.sa;
    same_origin <= !entry.ping.timed || entry.ping.t_origin == reply.t_origin;
    expired <= entry.state == OPEN && uptime >= entry.ping.deadline;
    if (start_visit) begin
      others <= '0;
      visit_turn <= 1'b0;
    end else if ((start_open || start_reply) && !visit_turn) begin
      others <= others + 1'b1;
      visit_turn <= others == 5'd30;
    end
    if (rst) begin
      step <= IDLE;
      others <= '0;
      visit_turn <= 1'b0;
    end
  end

  // DECIDE.
  logic asked, wanted;
  assign asked = same_generation && same_sa && same_origin;
  assign wanted = asked && open_state && !damaged;
  always_comb begin
    ping_verdict = '{valid: step == DECIDE && is_reply && done, result: requester_pkg::RESULT_UNASKED};
    if (wanted) ping_verdict.result = event_full ? requester_pkg::RESULT_FULL : requester_pkg::RESULT_MATCHED;
    else if (!damaged && (older || (asked && timed_out_state))) ping_verdict.result = requester_pkg::RESULT_LATE;
  end
  assign ping_event.valid = step == DECIDE && (is_reply ? wanted : expired && !damaged);
  assign heal = step == DECIDE && damaged;
  assign fault = '{valid: heal, entry: sa_pkg::entry_number_t'(index)};
  assign commit = ping_event.valid && ping_event.ready;
  // A reply waits while another event is under way; a time-out is looked at again.
  assign done = !is_reply || commit || event_full || !wanted;
  assign free_again = commit;

  always_ff @(posedge clk) begin
    clear_index <= clear_index + 1'b1;
    if (&clear_index) clearing <= 1'b0;
    // An entry that waits for room is not passed over.
    if (step == DECIDE && !is_reply && (!expired || ping_event.ready)) visit_index <= visit_index + 1'b1;
    if (rst) begin
      clearing <= 1'b1;
      clear_index <= '0;
      visit_index <= '0;
    end
  end

  always_comb begin
    ping_event.data = '0;
    ping_event.data.kind = is_reply ? sapulse_pkg::EVENT_KIND_PING_REPLY : sapulse_pkg::EVENT_KIND_PING_TIMEOUT;
    ping_event.data.sa = 32'(entry.ping.sa);
    ping_event.data.cookie = entry.ping.cookie;
    ping_event.data.t_origin = entry.ping.t_origin;
    ping_event.data.transaction = {2'b10, entry.generation, index};
    if (is_reply) begin
      ping_event.data.flags = reply.flags;
      ping_event.data.t_arrival = reply.t_arrival;
      ping_event.data.t_receive = reply.t_receive;
      ping_event.data.t_transmit = reply.t_transmit;
      ping_event.data.n = reply.n;
      ping_event.data.data_sequence = reply.data_sequence;
      ping_event.data.frame_length = reply.frame_length;
      ping_event.data.token = reply.token;
      ping_event.data.token_nonce = reply.token_nonce;
    end
  end

  `SAPULSE_ASSERT(clk, rst, !(start_open && !spare.valid), "ping_table: a ping without a transaction")
  `SAPULSE_ASSERT(clk, rst, !(freed.valid && !freed.ready), "ping_table: an index freed twice")

endmodule

`default_nettype wire
