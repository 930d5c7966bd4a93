// SPDX-License-Identifier: Apache-2.0
// What one visit of the sweep, one reply or one command makes of an SA's entry. Feed-forward: 5 cycles from *_0 to *_5, no memory.
//
// kind_0: a prober_pkg::KIND_*. config, count, number, t_arrival, t_origin belong to the operation at *_0 (WRITE: config; BURST: count;
//   REPLY: the others).
// tick: now; random: uniform. Both are looked at with *_0.
// probing: probes may be handed out. request_room, event_room: one visited now may put something in.
// stale: the last customer packet of stale_sa was so long ago that its time must be forgotten.
// entry_5: what to write back. request_5: a probe goes out, number_5 is its number. event_5: the state is told. verdict_5: of a REPLY.
// report_5: before this operation's probe, but after its change of state.
//
// Stages: 1 ages, 2 comparisons and products, 3 new state, 4 interval and counts, 5 entry.
`default_nettype none

module probe_step #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire                                clk,
    input  wire                                rst,
    input  wire  [                       31:0] tick,
    input  wire  [prober_pkg::RANDOM_BITS-1:0] random,
    input  wire                                probing,
    input  wire                                request_room,
    input  wire                                event_room,

    input  wire                                valid_0,
    input  wire  [                        2:0] kind_0,
    input  wire  [                   SA_W-1:0] sa_0,
    input  wire  prober_pkg::entry_t           entry_0,
    input  wire                                data_seen_0,
    input  wire  [                       31:0] data_tick_0,
    input  wire  prober_pkg::config_t          config_0,
    input  wire  [                        3:0] count_0,
    input  wire  [                       29:0] number_0,
    input  wire  [                       63:0] t_arrival_0,
    input  wire  [                       63:0] t_origin_0,

    output logic                               stale_valid,
    output logic [                   SA_W-1:0] stale_sa,

    output logic                               valid_5,
    output logic [                        2:0] kind_5,
    output logic [                   SA_W-1:0] sa_5,
    output prober_pkg::entry_t                 entry_5,
    output prober_pkg::report_t                report_5,
    output logic                               request_5,
    output logic [                       29:0] number_5,
    output logic                               event_5,
    output logic [                        2:0] previous_5,
    output logic [                        1:0] verdict_5
);

  localparam logic [2:0] IDLE = sapulse_pkg::PROBE_STATE_IDLE, INIT = sapulse_pkg::PROBE_STATE_INIT,
      UP = sapulse_pkg::PROBE_STATE_UP, SUSPECT = sapulse_pkg::PROBE_STATE_SUSPECT, DOWN = sapulse_pkg::PROBE_STATE_DOWN;

  logic valid_1, valid_2, valid_3, valid_4;
  logic [2:0] kind_1, kind_2, kind_3, kind_4;
  logic [SA_W-1:0] sa_1, sa_2, sa_3, sa_4;
  logic [31:0] tick_1, tick_2, tick_3, tick_4;
  logic [3:0] count_1, count_2, count_3, count_4;

  always_ff @(posedge clk) begin
    {valid_5, valid_4, valid_3, valid_2, valid_1} <= {valid_4, valid_3, valid_2, valid_1, valid_0};
    {kind_5, kind_4, kind_3, kind_2, kind_1} <= {kind_4, kind_3, kind_2, kind_1, kind_0};
    {sa_5, sa_4, sa_3, sa_2, sa_1} <= {sa_4, sa_3, sa_2, sa_1, sa_0};
    {tick_4, tick_3, tick_2, tick_1} <= {tick_3, tick_2, tick_1, tick};
    {count_4, count_3, count_2, count_1} <= {count_3, count_2, count_1, count_0};
    if (rst) {valid_5, valid_4, valid_3, valid_2, valid_1} <= 5'd0;
  end

  // ---- WRITE begins with a fresh entry: only the number goes on, and the state that has been told when probing ends.
  wire write_0 = kind_0 == prober_pkg::KIND_WRITE;
  prober_pkg::entry_t start_0, known_0;
  always_comb begin
    start_0 = {prober_pkg::ENTRY_BITS{1'b0}};
    start_0.enable = config_0.enable;
    start_0.data_alive = config_0.data_alive;
    start_0.jitter = config_0.jitter;
    start_0.length = config_0.length;
    start_0.interval = config_0.interval;
    start_0.suspect = config_0.suspect;
    start_0.detect = config_0.detect;
    start_0.state = config_0.enable ? INIT : IDLE;
    start_0.told = config_0.enable ? IDLE : entry_0.told;
    start_0.due = tick;
    start_0.heard = tick;
    start_0.number = entry_0.number;
    known_0 = write_0 ? start_0 : entry_0;
  end

  // ---- Stage 1: ages, all modulo 2^32; age of a reply: 0 is the last probe that went out, negative one that never did.
  prober_pkg::entry_t entry_1;
  logic data_counts_1, data_visited_1, overdue_1;
  logic [31:0] heard_age_1, data_age_1;
  logic [29:0] reply_age_1;
  logic [18:0] factor_1;  // of 2^19: part of the interval that is left out
  logic [32:0] rtt_low_1;
  logic [31:0] arrival_high_1, origin_high_1;
  wire [31:0] until_due_0 = tick - entry_0.due;

  always_ff @(posedge clk) begin
    entry_1 <= known_0;
    data_counts_1 <= data_seen_0 && entry_0.data_alive && (entry_0.state == UP || entry_0.state == SUSPECT);
    heard_age_1 <= tick - entry_0.heard;
    data_age_1 <= tick - data_tick_0;
    overdue_1 <= !until_due_0[31];
    reply_age_1 <= entry_0.number + ~number_0;
    factor_1 <= write_0 ? {random, 8'd0} : 19'(entry_0.jitter) * 19'(random);
    rtt_low_1 <= {1'b0, t_arrival_0[31:0]} - {1'b0, t_origin_0[31:0]};
    arrival_high_1 <= t_arrival_0[63:32];
    origin_high_1 <= t_origin_0[63:32];
    data_visited_1 <= valid_0 && kind_0 == prober_pkg::KIND_VISIT && data_seen_0;
  end

  assign stale_valid = data_visited_1 && data_age_1[31];
  assign stale_sa = sa_1;

  wire unused_until_due = &{1'b0, until_due_0[30:0]};  // only the sign matters

  // ---- Stage 2: comparisons, for both signs of life at once; products of the two halves of the interval.
  prober_pkg::entry_t entry_2;
  logic data_newer_2, heard_suspect_2, heard_detect_2, data_suspect_2, data_detect_2, overdue_2, aged_2;
  logic [31:0] heard_age_2, data_age_2;
  logic reply_near_2, reply_never_2, reply_recent_2, reply_outstanding_2;
  logic [31:0] reply_bit_2, rtt_high_2, rtt_low_2;
  logic [33:0] product_low_2, product_high_2;

  always_ff @(posedge clk) begin
    entry_2 <= entry_1;
    data_newer_2 <= data_counts_1 && data_age_1 < heard_age_1;
    heard_suspect_2 <= heard_age_1 > {1'b0, entry_1.suspect};
    heard_detect_2 <= heard_age_1 > {1'b0, entry_1.detect};
    data_suspect_2 <= data_age_1 > {1'b0, entry_1.suspect};
    data_detect_2 <= data_age_1 > {1'b0, entry_1.detect};
    overdue_2 <= overdue_1;
    aged_2 <= heard_age_1[31];
    heard_age_2 <= heard_age_1;
    data_age_2 <= data_age_1;
    reply_near_2 <= reply_age_1[29:5] == 25'd0;
    reply_never_2 <= reply_age_1[29];
    reply_recent_2 <= entry_1.many || reply_age_1[4:0] < entry_1.probes[4:0];
    reply_outstanding_2 <= entry_1.outstanding[reply_age_1[4:0]];
    reply_bit_2 <= 32'd1 << reply_age_1[4:0];
    rtt_high_2 <= arrival_high_1 - origin_high_1 - 32'(rtt_low_1[32]);
    rtt_low_2 <= rtt_low_1[31:0];
    product_low_2 <= 34'(factor_1) * 34'(entry_1.interval[14:0]);
    product_high_2 <= 34'(factor_1) * 34'(entry_1.interval[29:15]);
  end

  // ---- Stage 3: the new state.
  prober_pkg::entry_t entry_3;
  logic [2:0] state_3;
  logic [1:0] verdict_3;
  logic data_taken_3, aged_3, overdue_3;
  logic [31:0] age_3, reply_bit_3, rtt_3, replies_plus_3;
  logic [29:0] part_3, number_plus_3, probes_plus_3;
  wire over_suspect_2 = |entry_2.suspect && (data_newer_2 ? data_suspect_2 : heard_suspect_2);
  wire over_detect_2 = data_newer_2 ? data_detect_2 : heard_detect_2;
  wire matched_2 = reply_near_2 && reply_outstanding_2;
  wire [33:0] part_2 = product_high_2 + 34'(product_low_2[33:15]);

  wire unused_fraction = &{1'b0, product_low_2[14:0], part_2[3:0]};

  always_ff @(posedge clk) begin
    entry_3 <= entry_2;
    state_3 <= entry_2.state;
    if (kind_2 == prober_pkg::KIND_REPLY && matched_2) state_3 <= UP;
    if (kind_2 == prober_pkg::KIND_VISIT) begin
      case (entry_2.state)
        INIT: if (over_detect_2) state_3 <= DOWN;
        UP, SUSPECT: state_3 <= over_detect_2 ? DOWN : over_suspect_2 ? SUSPECT : UP;
        default: ;
      endcase
    end
    if (matched_2) verdict_3 <= prober_pkg::VERDICT_MATCHED;
    else if (reply_never_2 || (reply_near_2 && reply_recent_2)) verdict_3 <= prober_pkg::VERDICT_UNASKED;
    else verdict_3 <= prober_pkg::VERDICT_LATE;
    data_taken_3 <= data_newer_2;
    aged_3 <= aged_2;
    age_3 <= data_newer_2 ? data_age_2 : heard_age_2;
    overdue_3 <= overdue_2;
    reply_bit_3 <= reply_bit_2;
    rtt_3 <= rtt_high_2 != 32'd0 ? 32'hffff_ffff : rtt_low_2;
    part_3 <= part_2[33:4];
    number_plus_3 <= entry_2.number + 30'd1;
    probes_plus_3 <= entry_2.probes + 30'd1;
    replies_plus_3 <= entry_2.replies + 32'd1;
  end

  // ---- Stage 4: what is done; the time to the next probe.
  prober_pkg::entry_t entry_4;
  logic visit_4, write_4, burst_4, matched_4, tell_4, probe_4, postpone_4, data_taken_4, aged_4;
  logic [2:0] state_4;
  logic [1:0] verdict_4;
  logic [31:0] age_4, data_heard_4, outstanding_4, rtt_4, replies_plus_4;
  logic [29:0] gap_4, number_plus_4, probes_plus_4;
  wire visit_3 = kind_3 == prober_pkg::KIND_VISIT;
  wire due_3 = visit_3 && entry_3.enable && probing && overdue_3;

  always_ff @(posedge clk) begin
    entry_4 <= entry_3;
    visit_4 <= visit_3;
    write_4 <= kind_3 == prober_pkg::KIND_WRITE;
    burst_4 <= kind_3 == prober_pkg::KIND_BURST && entry_3.enable;
    matched_4 <= kind_3 == prober_pkg::KIND_REPLY && verdict_3 == prober_pkg::VERDICT_MATCHED;
    tell_4 <= visit_3 && state_3 != entry_3.told && event_room;
    probe_4 <= due_3 && request_room;
    postpone_4 <= due_3 && !request_room;
    data_taken_4 <= data_taken_3;
    aged_4 <= aged_3;
    state_4 <= state_3;
    verdict_4 <= verdict_3;
    age_4 <= age_3;
    data_heard_4 <= tick_3 - age_3;
    outstanding_4 <= entry_3.outstanding & ~reply_bit_3;
    rtt_4 <= rtt_3;
    gap_4 <= entry_3.burst > 4'd1 ? {3'd0, entry_3.interval[29:3]} : entry_3.interval - part_3;
    number_plus_4 <= number_plus_3;
    probes_plus_4 <= probes_plus_3;
    replies_plus_4 <= replies_plus_3;
  end

  // ---- Stage 5: the entry.
  always_ff @(posedge clk) begin
    entry_5 <= entry_4;
    entry_5.state <= state_4;
    if (tell_4) entry_5.told <= state_4;

    if (matched_4) begin
      entry_5.heard <= tick_4;
      entry_5.outstanding <= outstanding_4;
      entry_5.rtt <= rtt_4;
      entry_5.replies <= replies_plus_4;
    end
    if (visit_4 && data_taken_4) entry_5.heard <= data_heard_4;
    else if (visit_4 && aged_4) entry_5.heard <= {!tick_4[31], tick_4[30:0]};  // the age stays 2^31

    if (probe_4) begin
      entry_5.number <= number_plus_4;
      entry_5.outstanding <= {entry_4.outstanding[30:0], 1'b1};
      entry_5.probes <= probes_plus_4;
      entry_5.many <= entry_4.many || &entry_4.probes[4:0];
      entry_5.burst <= entry_4.burst == 4'd0 ? 4'd0 : entry_4.burst - 4'd1;
    end
    if (burst_4) entry_5.burst <= count_4;
    if (probe_4 || write_4) entry_5.due <= tick_4 + 32'(gap_4);
    else if (postpone_4 || burst_4) entry_5.due <= tick_4;
  end

  always_ff @(posedge clk) begin
    report_5.state <= state_4;
    report_5.rtt <= entry_4.rtt;
    report_5.probes <= entry_4.probes;
    report_5.replies <= entry_4.replies;
    report_5.heard <= age_4;
    request_5 <= valid_4 && probe_4 && !rst;
    number_5 <= entry_4.number;
    event_5 <= valid_4 && tell_4 && !rst;
    previous_5 <= entry_4.told;
    verdict_5 <= verdict_4;
  end

endmodule

`default_nettype wire
