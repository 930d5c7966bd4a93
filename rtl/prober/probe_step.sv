// SPDX-License-Identifier: Apache-2.0
// What one visit of the sweep, one reply or one command makes of an SA's entry. Feed-forward: 5 cycles from begun to ended, no
// memory.
//
// begun: the operation; operands of a reply or command and data, the last customer packet of its SA, belong to it.
// tick: now; random: uniform. Both are looked at with begun.
// probing: probes may be handed out. request_room, event_room: one visited now may put something in.
// stale: the last customer packet of that SA was so long ago that its time must be forgotten.
// A reply is a sign of life of the moment at which its probe left, not of its arrival: held back, it proves little, and nothing
//   once that is longer ago than the time to detection. One from the future answers nothing that was asked.
// begun_check, data_damaged: of the entry, see sa_ram; the last customer packet is unknown and must be forgotten.
// ended: the operation with the entry to write back. outcome: what else there is to do.
// entry_fault, data_fault: the entry was damaged: the SA is not probed any more, which the next visit tells; WRITE begins at number
//   0. The same of the last customer packet.
//
// Stages: 1 ages, 2 comparisons, 3 new state, 4 interval and counts, 5 entry.
`default_nettype none

module probe_step (
    input wire clk,
    input wire rst,

    input wire [31:0]                        tick,
    input wire [prober_pkg::RANDOM_BITS-1:0] random,
    input wire                               probing,
    input wire                               request_room,
    input wire                               event_room,

    input wire prober_pkg::operation_t begun,
    input wire                         begun_check,
    input wire prober_pkg::operands_t  operands,
    input wire prober_pkg::data_seen_t data,
    input wire                         data_damaged,

    output prober_pkg::stale_t     stale,
    output prober_pkg::operation_t ended,
    output prober_pkg::outcome_t   outcome,
    output sa_pkg::fault_t         entry_fault,
    output sa_pkg::fault_t         data_fault
);

  localparam logic [2:0] IDLE = sapulse_pkg::PROBE_STATE_IDLE, INIT = sapulse_pkg::PROBE_STATE_INIT,
      UP = sapulse_pkg::PROBE_STATE_UP, SUSPECT = sapulse_pkg::PROBE_STATE_SUSPECT, DOWN = sapulse_pkg::PROBE_STATE_DOWN;

  // Not probed, and said to have been something else, so that it is told.
  localparam prober_pkg::entry_t LOST = '{state: IDLE, told: INIT, default: '0};

  // Bit of a time in ns that is one tick.
  localparam int unsigned TICK_LSB = sapulse_pkg::PROBE_TICK_LOG2;

  // The operation in each stage; its entry changes in the first and in the last one.
  prober_pkg::operation_t op_1, op_2, op_3, op_4;
  logic [31:0] tick_1, tick_2, tick_3, tick_4;
  logic [3:0] count_1, count_2, count_3, count_4;

  // Parity in two stages: of groups of bits, then of all.
  localparam int unsigned GROUP = 32, GROUPS = ($bits(begun.entry) + GROUP) / GROUP;
  logic [GROUPS*GROUP-1:0] checked;
  logic [GROUPS-1:0] parity_1;
  logic damaged_2, damaged_3, damaged_4;
  assign checked = (GROUPS * GROUP)'({begun.entry, begun_check});
  always_ff @(posedge clk) begin
    for (int i = 0; i < GROUPS; i++) parity_1[i] <= ^checked[GROUP*i+:GROUP];
    {damaged_4, damaged_3, damaged_2} <= {damaged_3, damaged_2, ^parity_1};
  end

  always_ff @(posedge clk) begin
    {tick_4, tick_3, tick_2, tick_1} <= {tick_3, tick_2, tick_1, tick};
    {count_4, count_3, count_2, count_1} <= {count_3, count_2, count_1, operands.count};
  end

  // WRITE begins with a fresh entry: only the number goes on, and the state that has been told when probing ends.
  logic write_0;
  prober_pkg::operation_t op_0;
  assign write_0 = begun.kind == prober_pkg::KIND_WRITE;
  always_comb begin
    op_0 = begun;
    if (write_0) begin
      op_0.entry = '{
          cfg: operands.cfg,
          state: operands.cfg.enable ? INIT : IDLE,
          told: operands.cfg.enable ? IDLE : begun.entry.told,
          due: tick,
          heard: tick,
          number: begun.entry.number,
          default: '0
      };
    end
  end

  // Stage 1: ages, all modulo 2^32; of a reply back_1: 0 is the last probe that went out, negative one that never did.
  logic data_counts_1, data_visited_1, overdue_1;
  logic [31:0] heard_age_1, data_age_1;
  logic [29:0] back_1;
  logic [63:0] reply_ns_1;
  wire [31:0] until_due_0 = tick - begun.entry.due;

  always_ff @(posedge clk) begin
    op_1 <= op_0;
    if (rst) op_1.valid <= 1'b0;
    data_counts_1 <= data.seen && begun.entry.cfg.data_alive && (begun.entry.state == UP || begun.entry.state == SUSPECT);
    heard_age_1 <= tick - begun.entry.heard;
    data_age_1 <= tick - data.tick;
    overdue_1 <= !until_due_0[31];
    back_1 <= begun.entry.number + ~operands.number;
    reply_ns_1 <= operands.age;
    data_visited_1 <= begun.valid && begun.kind == prober_pkg::KIND_VISIT && data.seen;
    data_fault <= '{
        valid: begun.valid && begun.kind == prober_pkg::KIND_VISIT && data_damaged, entry: sa_pkg::entry_number_t'(begun.sa)
    };
  end

  assign stale = '{valid: (data_visited_1 && data_age_1[31]) || data_fault.valid, sa: op_1.sa};

  wire unused_until_due = &{1'b0, until_due_0[30:0]};  // only the sign matters

  // Stages 1 to 3: what is left out of the interval.
  logic [29:0] part_3;
  prober_jitter u_jitter (
      .clk,
      .whole(write_0),
      .jitter(begun.entry.cfg.jitter),
      .random,
      .interval(op_0.entry.cfg.interval),
      .part(part_3)
  );

  // Stage 2: comparisons, for all signs of life at once.
  logic data_newer_2, heard_suspect_2, heard_detect_2, data_suspect_2, data_detect_2, overdue_2, aged_2;
  logic [31:0] heard_age_2, data_age_2;
  logic reply_near_2, reply_never_2, reply_recent_2, reply_outstanding_2;
  logic reply_future_2, reply_detect_2, reply_newer_2;
  logic [31:0] reply_bit_2;
  logic [63:0] reply_ns_2;

  always_ff @(posedge clk) begin
    op_2 <= op_1;
    if (rst) op_2.valid <= 1'b0;
    data_newer_2 <= data_counts_1 && data_age_1 < heard_age_1;
    heard_suspect_2 <= heard_age_1 > {1'b0, op_1.entry.cfg.suspect};
    heard_detect_2 <= heard_age_1 > {1'b0, op_1.entry.cfg.detect};
    data_suspect_2 <= data_age_1 > {1'b0, op_1.entry.cfg.suspect};
    data_detect_2 <= data_age_1 > {1'b0, op_1.entry.cfg.detect};
    overdue_2 <= overdue_1;
    aged_2 <= heard_age_1[31];
    heard_age_2 <= heard_age_1;
    data_age_2 <= data_age_1;
    reply_near_2 <= back_1[29:5] == 25'd0;
    reply_never_2 <= back_1[29];
    reply_recent_2 <= op_1.entry.many || back_1[4:0] < op_1.entry.probes[4:0];
    reply_outstanding_2 <= op_1.entry.outstanding[back_1[4:0]];
    reply_bit_2 <= 32'd1 << back_1[4:0];
    reply_future_2 <= reply_ns_1[63];
    reply_detect_2 <= |reply_ns_1[62:TICK_LSB+31] || reply_ns_1[TICK_LSB+:31] > op_1.entry.cfg.detect;
    reply_newer_2 <= {1'b0, reply_ns_1[TICK_LSB+:31]} < heard_age_1;
    reply_ns_2 <= reply_ns_1;
  end

  // Stage 3: the new state.
  logic [2:0] state_3;
  prober_pkg::verdict_t verdict_3;
  logic newer_3, aged_3, overdue_3;
  logic [31:0] age_3, reply_bit_3, rtt_3, replies_plus_3;
  logic [29:0] number_plus_3, probes_plus_3;
  wire over_suspect_2 = |op_2.entry.cfg.suspect && (data_newer_2 ? data_suspect_2 : heard_suspect_2);
  wire over_detect_2 = data_newer_2 ? data_detect_2 : heard_detect_2;
  wire asked_2 = reply_near_2 && reply_outstanding_2;
  wire matched_2 = asked_2 && !reply_future_2 && !reply_detect_2;
  wire unasked_2 = asked_2 ? reply_future_2 : reply_never_2 || (reply_near_2 && reply_recent_2);

  always_ff @(posedge clk) begin
    op_3 <= op_2;
    if (rst) op_3.valid <= 1'b0;
    state_3 <= op_2.entry.state;
    if (op_2.kind == prober_pkg::KIND_REPLY && matched_2) state_3 <= UP;
    if (op_2.kind == prober_pkg::KIND_VISIT) begin
      case (op_2.entry.state)
        INIT: if (over_detect_2) state_3 <= DOWN;
        UP, SUSPECT: state_3 <= over_detect_2 ? DOWN : over_suspect_2 ? SUSPECT : UP;
        default: ;
      endcase
    end
    if (matched_2) verdict_3 <= prober_pkg::VERDICT_MATCHED;
    else if (unasked_2) verdict_3 <= prober_pkg::VERDICT_UNASKED;
    else verdict_3 <= prober_pkg::VERDICT_LATE;
    newer_3 <= op_2.kind == prober_pkg::KIND_REPLY ? reply_newer_2 : data_newer_2;
    aged_3 <= aged_2;
    if (op_2.kind == prober_pkg::KIND_REPLY) age_3 <= {1'b0, reply_ns_2[TICK_LSB+:31]};
    else age_3 <= data_newer_2 ? data_age_2 : heard_age_2;
    overdue_3 <= overdue_2;
    reply_bit_3 <= reply_bit_2;
    rtt_3 <= reply_ns_2[63:32] != 32'd0 ? 32'hffff_ffff : reply_ns_2[31:0];
    number_plus_3 <= op_2.entry.number + 30'd1;
    probes_plus_3 <= op_2.entry.probes + 30'd1;
    replies_plus_3 <= op_2.entry.replies + 32'd1;
  end

  // Stage 4: what is done; the time to the next probe.
  logic visit_4, write_4, burst_4, matched_4, tell_4, probe_4, postpone_4, newer_4, aged_4;
  logic [2:0] state_4;
  prober_pkg::verdict_t verdict_4;
  logic [31:0] age_4, heard_4, outstanding_4, rtt_4, replies_plus_4;
  logic [29:0] gap_4, number_plus_4, probes_plus_4;
  wire visit_3 = op_3.kind == prober_pkg::KIND_VISIT;
  wire matched_3 = op_3.kind == prober_pkg::KIND_REPLY && verdict_3 == prober_pkg::VERDICT_MATCHED;
  wire due_3 = visit_3 && op_3.entry.cfg.enable && probing && overdue_3;

  always_ff @(posedge clk) begin
    op_4 <= op_3;
    if (rst) op_4.valid <= 1'b0;
    visit_4 <= visit_3;
    write_4 <= op_3.kind == prober_pkg::KIND_WRITE;
    burst_4 <= op_3.kind == prober_pkg::KIND_BURST && op_3.entry.cfg.enable;
    matched_4 <= matched_3;
    tell_4 <= visit_3 && state_3 != op_3.entry.told && event_room && !damaged_3;
    probe_4 <= due_3 && request_room && !damaged_3;
    postpone_4 <= due_3 && !request_room;
    newer_4 <= newer_3 && (visit_3 || matched_3);
    aged_4 <= aged_3;
    state_4 <= state_3;
    verdict_4 <= damaged_3 ? prober_pkg::VERDICT_UNASKED : verdict_3;
    age_4 <= age_3;
    heard_4 <= tick_3 - age_3;
    outstanding_4 <= op_3.entry.outstanding & ~reply_bit_3;
    rtt_4 <= rtt_3;
    gap_4 <= op_3.entry.burst > 4'd1 ? {3'd0, op_3.entry.cfg.interval[29:3]} : op_3.entry.cfg.interval - part_3;
    number_plus_4 <= number_plus_3;
    probes_plus_4 <= probes_plus_3;
    replies_plus_4 <= replies_plus_3;
  end

  // Stage 5: the entry.
  always_ff @(posedge clk) begin
    ended <= op_4;
    if (rst) ended.valid <= 1'b0;
    ended.entry.state <= state_4;
    if (tell_4) ended.entry.told <= state_4;

    if (matched_4) begin
      ended.entry.outstanding <= outstanding_4;
      ended.entry.rtt <= rtt_4;
      ended.entry.replies <= replies_plus_4;
    end
    if (newer_4) ended.entry.heard <= heard_4;
    else if (visit_4 && aged_4) ended.entry.heard <= {!tick_4[31], tick_4[30:0]};  // the age stays 2^31

    if (probe_4) begin
      ended.entry.number <= number_plus_4;
      ended.entry.outstanding <= {op_4.entry.outstanding[30:0], 1'b1};
      ended.entry.probes <= probes_plus_4;
      ended.entry.many <= op_4.entry.many || &op_4.entry.probes[4:0];
      ended.entry.burst <= op_4.entry.burst == 4'd0 ? 4'd0 : op_4.entry.burst - 4'd1;
    end
    if (burst_4) ended.entry.burst <= count_4;
    if (probe_4 || write_4) ended.entry.due <= tick_4 + 32'(gap_4);
    else if (postpone_4 || burst_4) ended.entry.due <= tick_4;

    if (damaged_4 && write_4) begin
      ended.entry.number <= '0;
      ended.entry.told <= IDLE;
    end else if (damaged_4) begin
      ended.entry <= LOST;
    end
    entry_fault <= '{valid: op_4.valid && damaged_4 && !rst, entry: sa_pkg::entry_number_t'(op_4.sa)};
  end

  always_ff @(posedge clk) begin
    outcome.report <= '{
        state: state_4,
        rtt: op_4.entry.rtt,
        probes: op_4.entry.probes,
        replies: op_4.entry.replies,
        heard: age_4
    };
    if (damaged_4) outcome.report <= '0;
    outcome.probe <= op_4.valid && probe_4 && !rst;
    outcome.number <= op_4.entry.number;
    outcome.change <= op_4.valid && tell_4 && !rst;
    outcome.previous <= op_4.entry.told;
    outcome.verdict <= verdict_4;
  end

endmodule

`default_nettype wire
