// SPDX-License-Identifier: Apache-2.0
// One token bucket per exception cause, and one for clear echoes: RATE_LIMIT.
//
// Bucket i gains a token every `interval` ns while it holds less than `burst`; interval 0 means no limit, burst 0 (with an
// interval) lets nothing pass. Writing either word fills the bucket, and the next token is due an interval after the sweep behind
// it. A sweep visits one bucket a cycle, so a bucket gains at most one token in CAUSES cycles: shorter intervals act like that one.
//
// uptime  ns, modulo 2^48, must never be set
// limit   every question is looked at at once
// rdata   the word that `access` names, two cycles later
`default_nettype none

module rate_limiter (
    input wire        clk,
    input wire        rst,
    input wire [47:0] uptime,

    limit_if.server limit,

    input  sapulse_pkg::rate_limit_access_t access,
    output logic [31:0]                     rdata
);
  localparam int unsigned SLOTS = sapulse_pkg::CAUSES;  // cycles per sweep
  typedef logic [$clog2(SLOTS)-1:0] slot_t;

  wire is_burst = access.word;

  logic [SLOTS-1:0][31:0] intervals;
  logic [SLOTS-1:0][15:0] bursts;
  logic [SLOTS-1:0] full, open, refill;
  slot_t slot_q, slot1_q, slot2_q;  // of the sweep below

  assign limit.grant = 1'b1;
  assign limit.pass = open[limit.cause];

  for (genvar i = 0; i < SLOTS; i++) begin : g_bucket
    logic [31:0] interval_q;
    logic [15:0] burst_q, tokens_q, tokens_d;
    logic open_q, some_d;  // some_d: tokens_d is not 0, which need not wait for the sum
    wire write = access.write && access.index == slot_t'(i);
    wire take = limit.valid && limit.pass && limit.cause == slot_t'(i) && interval_q != 32'h0;
    logic fresh_q;  // has been written; the sweep has not seen it since
    wire is_full = fresh_q || tokens_q == burst_q;
    wire gain = refill[i] && !is_full;

    always_comb begin
      tokens_d = tokens_q;
      some_d = tokens_q != 16'h0;
      if (write) begin
        tokens_d = is_burst ? access.wdata[15:0] : burst_q;
        some_d = is_burst ? access.wdata[15:0] != 16'h0 : burst_q != 16'h0;
      end else if (take && !gain) begin
        tokens_d = tokens_q - 16'd1;
        some_d = tokens_q != 16'd1;
      end else if (gain && !take) begin
        tokens_d = tokens_q + 16'd1;
        some_d = 1'b1;  // fewer than burst before, so the sum does not wrap around
      end
    end

    always_ff @(posedge clk) begin
      if (rst) begin
        interval_q <= 32'h0;
        burst_q <= 16'h0;
        tokens_q <= 16'h0;
        open_q <= 1'b1;
        fresh_q <= 1'b0;
      end else begin
        fresh_q <= write || (fresh_q && slot_q != slot_t'(i));
        if (write && !is_burst) interval_q <= access.wdata;
        if (write && is_burst) burst_q <= access.wdata[15:0];
        tokens_q <= tokens_d;
        open_q <= some_d || (write && !is_burst ? access.wdata : interval_q) == 32'h0;
      end
    end

    assign intervals[i] = interval_q;
    assign bursts[i] = burst_q;
    assign full[i] = is_full;
    assign open[i] = open_q;
  end

  // Sweep: stage 1 reads when the bucket's next token is due, stage 2 compares and adds, stage 3 writes back. A full bucket's
  // next token is due an interval after the bucket was last seen full.
  logic [47:0] due[0:SLOTS-1];
  logic [47:0] due_q, now_q, next_q;
  logic [31:0] interval_q;
  logic full_q, expired_q;

  // Serial arithmetic: uptime may wrap around. Where a bucket that is never full gets tokens more slowly than its interval says, it
  // falls behind for ever; before that is taken for a token of the future, it begins anew.
  wire [47:0] late = now_q - due_q;
  wire expired = !full_q && !late[47];
  wire [47:0] base = full_q || late[46] ? now_q : due_q;

  always_ff @(posedge clk) begin
    slot_q <= rst || slot_q == slot_t'(SLOTS - 1) ? '0 : slot_q + 1'b1;
    slot1_q <= slot_q;
    slot2_q <= slot1_q;
    due_q <= due[slot_q];
    now_q <= uptime;
    interval_q <= intervals[slot_q];
    full_q <= full[slot_q];
    next_q <= (full_q || expired) ? base + 48'(interval_q) : due_q;
    expired_q <= expired && !rst;
    due[slot2_q] <= next_q;
  end

  for (genvar i = 0; i < SLOTS; i++) begin : g_refill
    assign refill[i] = expired_q && slot2_q == slot_t'(i);
  end

  logic [31:0] selected_interval_q;
  logic [15:0] selected_burst_q;

  always_ff @(posedge clk) begin
    selected_interval_q <= intervals[access.index];
    selected_burst_q <= bursts[access.index];
    rdata <= is_burst ? 32'(selected_burst_q) : selected_interval_q;
  end

  wire unused = &{1'b0, late[45:0]};

endmodule

`default_nettype wire
