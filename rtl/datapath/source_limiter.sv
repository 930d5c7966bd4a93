// SPDX-License-Identifier: Apache-2.0
// Token buckets that the source addresses share, so that a flood from one source does not use up what the others need. A question
// a cycle; the algorithm is told in contract/description/registers.yaml.
//
// now           uptime in ns, modulo 2^32
// ready         after reset the buckets are full; before that there may be no question
// source_valid  a question may follow, about this source (IPv4 as ::ffff:a.b.c.d)
// ask, pass     exactly ASK_LATENCY cycles later: the question; there is a token, which is taken
// cfg           must stand for 20 cycles before it counts
// asking        number of the bucket that a question in this cycle is about
//
// BUCKETS: a power of two.
`default_nettype none
`include "sapulse_assert.svh"

module source_limiter #(
    parameter int unsigned BUCKETS = sapulse_pkg::SOURCE_BUCKETS,
    localparam int unsigned ASK_LATENCY = sa_pkg::LOOKUP_LATENCY + 1,
    localparam int unsigned INDEX_W = $clog2(BUCKETS)
) (
    input  wire                         clk,
    input  wire                         rst,
    input  datapath_pkg::source_limit_t cfg,
    input  wire  [31:0]                 now,
    output logic                        ready,

    input  wire          source_valid,
    input  wire  [127:0] source,
    input  wire          ask,
    output logic         pass,

    output logic [INDEX_W-1:0] asking
);

  // Cycles from reading a bucket to its question: RAM, its output register, choice. It is written back one cycle after its
  // question, so what became of the buckets of the AHEAD questions in front has to come from registers.
  localparam int unsigned READ_LATENCY = 3;
  localparam int unsigned AHEAD = READ_LATENCY + 1;
  localparam int unsigned READ = ASK_LATENCY - READ_LATENCY;
  localparam int unsigned COMPARE = ASK_LATENCY - 2;

  if (READ < 1) begin : g_latency
    $error("source_limiter: ASK_LATENCY must leave time to find a bucket and to read it");
  end

  // A bucket of zeros is full, as after reset.
  typedef struct packed {
    logic [31:0] stamp;
    logic [7:0]  spent;  // 255 less its tokens
  } bucket_t;

  // Element i: of the source that came i cycles ago; `hash`: of the one that came READ cycles ago.
  logic [COMPARE+AHEAD:READ+1][INDEX_W-1:0] index;
  logic [COMPARE+AHEAD:1] live;
  logic [INDEX_W-1:0] hash;

  source_hash #(.WIDTH(INDEX_W), .LATENCY(READ)) u_hash (.clk, .key(cfg.key), .address(source), .hash);

  always_ff @(posedge clk) begin
    index <= {index[COMPARE+AHEAD-1:READ+1], hash};
    live <= rst ? '0 : {live[COMPARE+AHEAD-1:1], source_valid};
  end

  // Buckets; cleared one a cycle after reset.
  (* ram_style = "block" *)
  bucket_t memory[0:BUCKETS-1];
  logic [INDEX_W:0] cleared;
  bucket_t read, read_q;
  bucket_t [AHEAD-1:0] used;  // what became of the buckets of the last questions, the newest first
  logic write;
  logic [INDEX_W-1:0] write_index;

  assign ready = cleared[INDEX_W];
  assign write = !ready || live[ASK_LATENCY+1];
  assign write_index = ready ? index[ASK_LATENCY+1] : cleared[INDEX_W-1:0];

  always_ff @(posedge clk) begin
    if (write) memory[write_index] <= ready ? used[0] : '0;
    read <= memory[hash];
    read_q <= read;
    if (rst) cleared <= '0;
    else if (!ready) cleared <= cleared + 1'b1;
  end

  // The newest of what has become of this bucket: same[i]: i + 1 questions ago it was the same. The last question is still being
  // dealt with when the others are chosen from.
  logic [AHEAD-1:0] same;
  logic same_as_last;
  bucket_t older, bucket;

  always_ff @(posedge clk) begin
    for (int i = 0; i < AHEAD; i++) same[i] <= live[COMPARE+1+i] && index[COMPARE] == index[COMPARE+1+i];
    same_as_last <= same[0];
    older <= read_q;
    for (int i = AHEAD - 1; i >= 1; i--) if (same[i]) older <= used[i-1];
  end
  assign bucket = same_as_last ? used[0] : older;

  // The question. Everything but what depends on the age is known early.
  logic [39:0] span;
  logic [31:0] age;
  logic [7:0] tokens, held, more, filled;
  logic limited, full, gains, full_again;
  bucket_t next;

  // Their product takes one bit of burst a cycle, the highest first.
  logic [2:0] step;
  logic [7:0] factor;
  logic [39:0] product;

  always_ff @(posedge clk) begin
    limited <= cfg.interval != '0;
    step <= rst ? '0 : step + 1'b1;
    factor <= step == '0 ? cfg.burst : factor << 1;
    product <= (step == 3'd1 ? '0 : product << 1) + (factor[7] ? 40'(cfg.interval) : '0);
    if (step == 3'd1) span <= product;
  end

  assign age = now - bucket.stamp;
  assign full = 40'(age) > span;
  assign gains = age >= cfg.interval;
  assign tokens = ~bucket.spent;
  assign held = tokens < cfg.burst ? tokens : cfg.burst;
  assign more = tokens < cfg.burst ? tokens + 8'd1 : cfg.burst;
  always_comb begin
    filled = held;
    if (gains) filled = more;
    if (full) filled = cfg.burst;
    full_again = filled == cfg.burst;
    next = bucket;
    if (ask && limited) begin
      if (full_again) next.stamp = now;
      else if (gains) next.stamp = bucket.stamp + cfg.interval;
      next.spent = filled == '0 ? 8'd255 : ~(filled - 8'd1);
    end
  end
  assign pass = !limited || filled != '0;
  assign asking = index[ASK_LATENCY];

  always_ff @(posedge clk) used <= {used[AHEAD-2:0], next};

  `SAPULSE_ASSERT(clk, rst, !ask || live[ASK_LATENCY], "source_limiter: a question without a source")
  `SAPULSE_ASSERT(clk, rst, !ask || ready, "source_limiter: a question before the buckets are ready")

endmodule

`default_nettype wire
