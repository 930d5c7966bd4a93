// SPDX-License-Identifier: Apache-2.0
// A bucket of source_limiter chosen freely answers as the algorithm says (contract/description/registers.yaml), however close its
// questions are and whatever is asked of the others, which do not touch it. In no window of any length pass more than
// 2 * burst - 2 questions (with a burst of 1: one) and one for each interval in it; with a burst of 0, none.
//
// So that sums stay small: burst is at most 3, the interval has INTERVAL_W bits, and a cycle takes any number of ns of STEP_W bits.
// The hash is any (free_source_hash). The settings stand, as the module demands.
`default_nettype none

module source_limiter_proof #(
    parameter int unsigned BUCKETS = 2,
    parameter int unsigned INTERVAL_W = 4,
    parameter int unsigned STEP_W = 6
) (
    input wire clk,
    input wire restart,
    input wire [$clog2(BUCKETS)-1:0] some_bucket,
    input wire [INTERVAL_W-1:0] some_interval,
    input wire [1:0] some_burst,
    input wire [31:0] some_time,
    input wire [STEP_W-1:0] step,  // ns
    input wire has_source,
    input wire [$clog2(BUCKETS)-1:0] source_bucket,
    input wire wants
);

  localparam int unsigned INDEX_W = $clog2(BUCKETS);
  localparam int unsigned ASK = sa_pkg::LOOKUP_LATENCY + 1;
  localparam int unsigned SETTLED = 20;  // cycles

  logic rst, first;
  proof_reset u_reset (.clk, .restart, .rst, .first);

  logic [INDEX_W-1:0] chosen;
  logic [INTERVAL_W-1:0] interval;
  logic [31:0] now;
  logic [1:0] burst;
  logic [4:0] age;  // cycles since the reset
  always_ff @(posedge clk) begin
    if (first) begin
      chosen <= some_bucket;
      interval <= some_interval;
      burst <= some_burst;
    end
    now <= first ? some_time : now + 32'(step);
    age <= rst ? '0 : 32'(age) < SETTLED ? age + 1'b1 : age;
  end

  typedef logic [31:0] amount_t;  // ns
  function automatic amount_t intervals(input logic [1:0] count);
    intervals = (count[0] ? amount_t'(interval) : '0) + (count[1] ? amount_t'(interval) << 1 : '0);
  endfunction

  amount_t span, most;
  assign span = intervals(burst);
  assign most = burst == 2'd1 ? span : intervals(burst - 1'b1) << 1;

  datapath_pkg::source_limit_t cfg;
  assign cfg = '{key: '0, interval: amount_t'(interval), burst: 8'(burst)};
  logic ready, ask, pass, source_valid;
  logic [INDEX_W-1:0] asking;
  assign source_valid = has_source && ready && !rst;
  assign ask = wants && u_dut.live[ASK] && 32'(age) == SETTLED && !rst;
  source_limiter #(.BUCKETS(BUCKETS)) u_dut (
      .clk, .rst, .cfg, .now, .ready, .source_valid, .source(128'(source_bucket)), .ask, .pass, .asking
  );

  // The bucket, by the algorithm; its stamp as an age, too.
  logic [31:0] stamp, stamp_after, old, old_after;
  logic [7:0] tokens, tokens_after;
  logic asks, passes;
  assign asks = ask && asking == chosen && interval != '0;
  always_comb begin
    stamp_after = stamp;
    old_after = old;
    tokens_after = tokens;
    if (asks) begin
      if (tokens_after > 8'(burst)) tokens_after = 8'(burst);
      if (old > span) begin
        tokens_after = 8'(burst);
      end else if (old >= amount_t'(interval)) begin
        if (tokens_after < 8'(burst)) tokens_after = tokens_after + 1'b1;
        stamp_after = stamp + amount_t'(interval);
        old_after = old - amount_t'(interval);
      end
      if (tokens_after == 8'(burst)) begin
        stamp_after = now;
        old_after = '0;
      end
    end
    passes = asks && tokens_after != '0;
    if (passes) tokens_after = tokens_after - 1'b1;
  end
  always_ff @(posedge clk) begin
    stamp <= rst ? '0 : stamp_after;
    old <= rst ? (first ? some_time : now + 32'(step)) : old_after + 32'(step);
    tokens <= rst ? '1 : tokens_after;
  end

  // What may yet pass at once, as time.
  function automatic amount_t due(input logic [7:0] held, input logic [31:0] for_time);
    due = intervals(held[1:0]) + (for_time < span ? for_time : span);
    if (held >= 8'(burst) || (held + 1'b1 == 8'(burst) && for_time >= amount_t'(interval))) due = span;
  endfunction

  // What has passed in intervals, less the time that has gone by: the most of all windows that end now.
  amount_t lead, lead_after;
  assign lead_after = lead + (passes ? amount_t'(interval) : '0);
  always_ff @(posedge clk) lead <= rst || lead_after < amount_t'(step) ? '0 : lead_after - amount_t'(step);

  // Of the questions in the pipeline: which are about the chosen bucket, by the cycles since their source came.
  logic [ASK+4:3] mine;
  logic [ASK+4:ASK+3] mine_q;
  assign mine[3] = u_dut.live[3] && u_dut.hash == chosen;
  for (genvar i = 4; i <= ASK + 2; i++) begin : g_mine
    assign mine[i] = u_dut.live[i] && u_dut.index[i] == chosen;
  end
  assign mine[ASK+4:ASK+3] = mine_q;
  always_ff @(posedge clk) mine_q <= rst ? '0 : mine[ASK+3:ASK+2];

  // What the RTL keeps, and the algorithm.
  typedef logic [39:0] entry_t;
  entry_t bucket;
  assign bucket = {stamp, ~tokens};

  always_comb begin
    if (!rst) begin
      if (ask && asking == chosen) assert (pass == (interval == '0 || passes));
      if (asks && burst == '0) assert (!pass);
      assert (old == now - stamp);
      if (interval != '0 && burst != '0) begin
        assert (lead_after <= most);
        assert (lead + due(tokens, old) <= most);
        assert (lead_after + due(tokens_after, old_after) <= most);
      end

      // Where the bucket is.
      if (mine[ASK]) assert (u_dut.bucket == bucket);
      if (ready) assert ((mine[ASK+1] ? u_dut.used[0] : u_dut.memory[chosen]) == bucket);
      if (mine[ASK+2] && !mine[ASK+1]) assert (u_dut.used[1] == bucket);
      if (mine[ASK+3] && !mine[ASK+2] && !mine[ASK+1]) assert (u_dut.used[2] == bucket);
      if (mine[4] && mine[ASK+2:ASK+1] == '0) assert (u_dut.read == bucket);
      if (mine[5] && mine[ASK+3:ASK+1] == '0) assert (u_dut.read_q == bucket);
      if (mine[5]) assert (u_dut.same == mine[ASK+3:6]);
      if (mine[6]) assert (u_dut.same_as_last == mine[7]);
      if (mine[6] && !mine[7]) assert (u_dut.older == bucket);
      assert (ready || u_dut.live[ASK+1:1] == '0);
      assert (u_dut.cleared <= (INDEX_W + 1)'(BUCKETS));
      if (!ready) assert (bucket == '0 && (u_dut.cleared <= (INDEX_W + 1)'(chosen) || u_dut.memory[chosen] == '0));

      // Their product is ready in time.
      if (32'(age) < SETTLED) assert (u_dut.step == age[2:0] && bucket == '0);
      if (age >= 5'd1) assert (u_dut.limited == (interval != '0));
      if (age >= 5'd1) assert (u_dut.factor == 8'(burst) << (u_dut.step - 3'd1));
      if (age >= 5'd2 && u_dut.step >= 3'd2) assert (u_dut.product == '0);
      if (age >= 5'd8 && u_dut.step == 3'd0) assert (u_dut.product == (burst[1] ? 40'(interval) : '0));
      if (age >= 5'd9 && u_dut.step == 3'd1) assert (u_dut.product == 40'(span));
      if (age >= 5'd10) assert (u_dut.span == 40'(span));

      cover (asks && burst == 2'd3 && lead_after == most);
      cover (asks && mine[ASK+1] && pass);
      cover (asks && !pass && burst != '0 && old != '0);
    end
  end

endmodule

`default_nettype wire
