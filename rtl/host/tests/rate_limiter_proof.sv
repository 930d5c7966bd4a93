// SPDX-License-Identifier: Apache-2.0
// A bucket of rate_limiter, whatever is asked and written when, and however time goes on: in no window without a write pass more
// than burst + 1 + (elapsed + LATE) / interval questions (intervals of at least LATE; shorter ones act like a sweep); who finds a
// token passes; a bucket that is not full gains one at the latest 2 * LATE after an interval, at most one in a sweep. Times in ns;
// a cycle takes up to STEP of them. So that sums stay small, intervals and bursts are below 32.
//
// In two parts, so that nothing has to be multiplied: questions that have passed in the window are burst + `gains` at most, and
// `gains` intervals are what has elapsed and LATE + interval at most.
`default_nettype none

module rate_limiter_proof #(
    parameter int unsigned BUCKET = 5,  // they are all alike
    parameter int unsigned STEP = 1
) (
    input wire clk,
    input wire restart,
    input wire [47:0] start,
    input wire [$clog2(STEP+1)-1:0] step,
    input wire [4:0] cause,
    input wire ask,
    input wire sapulse_pkg::rate_limit_access_t access,
    input wire window_begins
);

  localparam int unsigned SLOTS = sapulse_pkg::CAUSES;
  localparam int unsigned LATE = (SLOTS + 3) * STEP;  // a sweep and its pipeline
  localparam int unsigned SLOT_W = $clog2(SLOTS);

  logic rst, first;
  proof_reset u_reset (.clk, .restart, .rst, .first);

  logic [47:0] uptime;
  always_ff @(posedge clk) uptime <= first ? start : uptime + 48'(step);
  always_comb begin
    assume (32'(step) <= STEP);
  end

  limit_if limit ();
  logic [31:0] rdata;
  assign limit.valid = ask && !rst, limit.cause = cause;
  always_comb begin
    assume (32'(cause) < SLOTS);
    assume (access.wdata[31:5] == '0);
  end
  rate_limiter u_dut (.clk, .rst, .uptime, .limit, .access, .rdata);

  // The bucket.
  logic [31:0] interval;
  logic [15:0] burst, tokens;
  logic write, gain, fresh, takes;
  assign interval = u_dut.g_bucket[BUCKET].interval_q, burst = u_dut.g_bucket[BUCKET].burst_q;
  assign tokens = u_dut.g_bucket[BUCKET].tokens_q, fresh = u_dut.g_bucket[BUCKET].fresh_q;
  assign write = access.write && 32'(access.index) == BUCKET;
  assign gain = u_dut.g_bucket[BUCKET].gain && !write;
  wire asks = limit.valid && 32'(cause) == BUCKET;
  assign takes = asks && limit.pass && interval != '0 && !write;

  // Where the sweep is: it reads the bucket, compares, writes back.
  wire reads = 32'(u_dut.slot_q) == BUCKET;
  wire compares = 32'(u_dut.slot1_q) == BUCKET;
  wire writes_back = 32'(u_dut.slot2_q) == BUCKET;
  logic [1:0] in_step;  // of the sweep's stages, since the reset
  logic read;           // the bucket has been read since
  logic [4:0] cycles;   // since it was
  always_ff @(posedge clk) begin
    in_step <= rst ? '0 : {in_step[0], 1'b1};
    read <= !rst && (read || reads);
    cycles <= reads ? 5'd1 : cycles + 5'd1;
  end

  // The last visit: seen: when, `age` ago; due: in memory, when the next token comes, `ahead` from now.
  logic [47:0] due, seen, age;
  logic signed [47:0] ahead, left;  // left: from `seen` on
  logic tracked;                    // there has been a visit since the last write
  logic set_up;                     // there has been a write
  assign due = u_dut.due[BUCKET], age = uptime - seen, ahead = due - uptime, left = due - seen;
  always_ff @(posedge clk) begin
    if (compares) seen <= u_dut.now_q;
    if (writes_back && !fresh) tracked <= 1'b1;
    if (write || rst) tracked <= 1'b0;
    set_up <= !rst && (set_up || write);
  end

  // A window that begins at any time and ends with a write.
  logic window;
  logic [16:0] passed;        // less the gains
  logic [15:0] tokens_first;
  logic signed [47:0] rest;   // what has elapsed less an interval for each gain, a bound of it from below
  logic signed [47:0] waited; // of a bucket that is not full, since the last gain or visit
  localparam logic signed [47:0] ENOUGH = 48'd1 << 34;
  always_ff @(posedge clk) begin
    window <= window ? !write && !rst : window_begins && !write && !rst;
    if (window) begin
      passed <= passed + 17'(takes) - 17'(gain);
      if (rest < ENOUGH || gain) rest <= rest + 48'(step) - (gain ? 48'(interval) : '0);
    end else begin
      {passed, rest} <= '0;
      tokens_first <= u_dut.g_bucket[BUCKET].tokens_d;
    end
    waited <= gain || write || rst || !tracked || interval == '0 || tokens == burst ? '0 : waited + 48'(step);
  end

  localparam logic signed [47:0] FORGOTTEN = 48'sd1 << 46;  // behind that a bucket begins anew
  wire signed [47:0] x = 48'(interval);
  wire new_start = u_dut.next_q == seen + 48'(interval);
  wire signed [47:0] late = 48'(LATE);
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (tokens <= burst && u_dut.g_bucket[BUCKET].open_q == (interval == '0 || tokens != '0));
      if (interval == '0) assert (tokens == burst);
      if (asks) assert (limit.pass == (interval == '0 || tokens != '0));
      if (gain) assert (writes_back && !compares && !reads);
      if (window) assert (passed == 17'(tokens_first) - 17'(tokens) && tokens_first <= burst);
      if (window) assert (passed[16] || passed <= 17'(burst));
      if (window && x >= late) assert (rest >= -x - late && rest <= ENOUGH + late);
      if (tracked && interval != '0) assert (waited <= x + 2 * late);
      assert (waited >= 0);
      assert (interval[31:5] == '0 && burst[15:5] == '0);

      // The sweep.
      if (in_step[0]) assert (compares == (read && cycles == 5'd1));
      if (in_step[1]) assert (writes_back == (read && cycles == 5'd2));
      if (read) assert (cycles != '0 && 32'(cycles) <= SLOTS);
      if (read) assert (32'(u_dut.slot_q) == (BUCKET + 32'(cycles)) % SLOTS);
      assert (32'(u_dut.slot_q) < SLOTS);
      if (!in_step[1]) assert (32'(u_dut.slot_q) == 32'(in_step) && !read);
      if (in_step == '0) assert (!set_up);
      assert (in_step != 2'd2);
      if (fresh) assert (!tracked);
      if (in_step == 2'd1 && set_up) assert (fresh);
      // Until the first visit behind a write there is no gain, and then the token is due an interval behind that visit.
      if (!tracked) assert (!gain && (!window || rest >= 0));
      if (!tracked && !fresh) assert (set_up ? read && cycles <= 5'd2 && in_step[0] : tokens == '0);
      if (!tracked && !fresh && set_up && compares) assert (u_dut.full_q && u_dut.interval_q == interval);
      if (!tracked && !fresh && set_up && writes_back) assert (u_dut.next_q == seen + 48'(interval));
      if (!set_up) assert (!fresh && interval == '0 && burst == '0 && tokens == '0);
      assert (48'(uptime - u_dut.now_q) <= 48'(STEP) || !in_step[0]);
      if (set_up && (tracked || (writes_back && !fresh))) begin
        assert (age <= 48'(STEP) * (compares ? 48'(SLOTS + 1) : 48'(cycles)));
        assert (48'(u_dut.now_q - seen) <= age);
      end
      if (tracked && set_up) begin
        assert (in_step == '1 && read);
        if (compares) assert (u_dut.due_q == due && u_dut.interval_q == interval);
        if (compares) assert (u_dut.full_q ? waited <= 48'(STEP) : tokens != burst);
        if (writes_back) begin
          if (u_dut.expired_q) assert (left <= 0 && (new_start || (u_dut.next_q == due + 48'(interval) && left > -FORGOTTEN)));
          else assert ((new_start && waited <= 48'(2 * STEP)) || (u_dut.next_q == due && left > 0));
        end
        if (!writes_back && x >= late) assert (left > 0);
        assert (left <= x);
        assert (left > -FORGOTTEN - (writes_back ? late : 48'sd0));
        if (x >= late) assert (ahead > -late);
        assert (ahead <= x);
        if (window && x >= late) assert (rest + ahead > -late);
        assert (waited + ahead <= x + late);
        if (!writes_back && left <= 0) assert (waited <= age);
      end
      cover (window && gain && takes && waited > x);
      cover (tracked && tokens != burst && ahead < 0 && x != 0);
      cover (window && tokens == '0 && passed == 17'(tokens_first) && tokens_first == 16'd2);
    end
  end

endmodule

`default_nettype wire
