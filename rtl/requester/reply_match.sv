// SPDX-License-Identifier: Apache-2.0
// Takes replies to requests of the card apart and asks the ping table, or the prober, whether they are wanted.
//
// match_job: frame of a verified, fresh reply; match: its opened nested packet (open_gate).
// ping_reply, result: see ping_table. probe_reply, probe_verdict: see prober.
// match_end, leave: a frame ends here.
`default_nettype none
`include "sapulse_assert.svh"

module reply_match (
    input wire clk,
    input wire rst,

    stream_if.sink match_job,  // control_job_t
    stream_if.sink match,      // payload_beat

    stream_if.source                       ping_reply,   // reply_t
    input wire requester_pkg::result_t     result,
    stream_if.source                       probe_reply,  // probe_reply_t
    input wire prober_pkg::probe_verdict_t probe_verdict,

    output datapath_pkg::ending_t match_end,
    output sa_pkg::passage_t      leave
);

  // Needs 64-byte beats: the telemetry block reaches from the first beat into the token, which the second one completes.
  localparam int unsigned HEAD_BITS = 8 * 64;
  // Bits of that beat at which things begin.
  localparam int unsigned BODY = 8 * sapulse_pkg::NESTED_CIPHERTEXT;
  localparam int unsigned DATA = BODY + 8 * sapulse_pkg::BODY_DATA;
  localparam int unsigned TOKEN = DATA + 8 * sapulse_pkg::TELEMETRY_TOKEN;
  localparam int unsigned TOKEN_FIRST_BITS = HEAD_BITS - TOKEN;  // of the token in the first beat
  localparam int unsigned TOKEN_BITS = 128;

  // Big-endian numbers at a bit of the beat.
  function automatic logic [15:0] number16(input logic [15:0] bytes);
    number16 = {bytes[7:0], bytes[15:8]};
  endfunction
  function automatic logic [31:0] number32(input logic [31:0] bytes);
    number32 = {number16(bytes[15:0]), number16(bytes[31:16])};
  endfunction
  function automatic logic [63:0] number64(input logic [63:0] bytes);
    number64 = {number32(bytes[31:0]), number32(bytes[63:32])};
  endfunction

  // Taking apart: the job when a packet starts, then its beats.
  enum logic [1:0] {JOB, FIRST, SECOND, REST} state;
  logic begins, take, telemetry, taken, ended, room;
  requester_pkg::reply_t taking;
  /* verilator lint_off UNUSEDSIGNAL */  // SPI, n, reply path and version tell nothing new, nor does the rest of the record
  logic [HEAD_BITS-1:0] beat;
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */

  assign record = match_job.data.job.record;
  assign beat = HEAD_BITS'(match.data.data);
  assign match_job.ready = state == JOB && room;
  assign begins = match_job.valid && match_job.ready;
  assign match.ready = state != JOB;
  assign take = match.valid && match.ready;
  assign telemetry = number16(beat[BODY+8*sapulse_pkg::BODY_DATA_LENGTH+:16]) >= 16'(sapulse_pkg::TELEMETRY_BYTES)
      && number16(beat[DATA+8*sapulse_pkg::TELEMETRY_MAGIC+:16]) == sapulse_pkg::TELEMETRY_MAGIC_VALUE;

  always_ff @(posedge clk) begin
    taken <= take && match.data.last && !rst;
    case (state)
      JOB: begin
        if (begins) state <= FIRST;
        taking <= '0;
        taking.sa <= match_job.data.job.sa;
        taking.transaction <= record.control.transaction;
        taking.epoch <= match_job.data.job.epoch;
        taking.n <= record.control.n;
        taking.frame_length <= match_job.data.frame_length;
        taking.t_arrival <= match_job.data.received;
      end
      FIRST:
      if (take) begin
        state <= match.data.last ? JOB : telemetry ? SECOND : REST;
        taking.consistent <= number32(beat[BODY+8*sapulse_pkg::BODY_IDENTIFIER+:32]) == taking.transaction;
        if (telemetry) begin
          taking.flags <= beat[DATA+8*sapulse_pkg::TELEMETRY_FLAGS+:8];
          taking.t_origin <= number64(beat[DATA+8*sapulse_pkg::TELEMETRY_ORIGIN+:64]);
          taking.t_receive <= number64(beat[DATA+8*sapulse_pkg::TELEMETRY_RECEIVE+:64]);
          taking.t_transmit <= number64(beat[DATA+8*sapulse_pkg::TELEMETRY_TRANSMIT+:64]);
          taking.data_sequence <= number32(beat[DATA+8*sapulse_pkg::TELEMETRY_DATA_SEQUENCE+:32]);
          taking.token[TOKEN_FIRST_BITS-1:0] <= beat[TOKEN+:TOKEN_FIRST_BITS];
        end
      end
      SECOND:
      if (take) begin
        state <= match.data.last ? JOB : REST;
        taking.token[TOKEN_BITS-1:TOKEN_FIRST_BITS] <= beat[TOKEN_BITS-TOKEN_FIRST_BITS-1:0];
      end
      default: if (take && match.data.last) state <= JOB;
    endcase
    if (rst) state <= JOB;
  end

  // A packet starts when there is room for what is taken from it; a few wait while the table is asked.
  localparam int unsigned REPLIES = 4;
  localparam int unsigned COUNT_W = $clog2(REPLIES) + 1;
  logic [COUNT_W-1:0] held;

  assign room = !held[COUNT_W-1];
  always_ff @(posedge clk) begin
    if (begins != ended) held <= begins ? held + 1'b1 : held - 1'b1;
    if (rst) held <= '0;
  end

  stream_if #(requester_pkg::reply_t) parsed (), reply ();
  assign parsed.valid = taken;
  assign parsed.data = taking;
  assign reply.ready = ended;
  sync_fifo #(
      .DEPTH(REPLIES)
  ) u_replies (.clk, .rst, .in(parsed), .out(reply));

  // Asking.
  logic asks_ping, asks_probe, waits_verdict;
  requester_pkg::result_t outcome;
  assign asks_ping = reply.data.consistent && !reply.data.transaction[30];
  assign asks_probe = reply.data.consistent && reply.data.transaction[30];
  assign ping_reply.valid = reply.valid && asks_ping;
  assign ping_reply.data = reply.data;
  assign probe_reply.valid = reply.valid && asks_probe && !waits_verdict;
  assign probe_reply.data = '{
      sa: reply.data.sa,
      number: reply.data.transaction[29:0],
      t_origin: reply.data.t_origin,
      t_arrival: reply.data.t_arrival
  };

  always_ff @(posedge clk) begin
    if (probe_reply.valid && probe_reply.ready) waits_verdict <= 1'b1;
    if (rst || probe_verdict.valid) waits_verdict <= 1'b0;
  end

  always_comb begin
    ended = reply.valid && !reply.data.consistent;
    outcome = requester_pkg::RESULT_UNASKED;
    if (asks_ping) begin
      ended = reply.valid && ping_reply.ready;
      outcome = result;
    end
    if (asks_probe) begin
      ended = reply.valid && probe_verdict.valid;
      case (probe_verdict.verdict)
        prober_pkg::VERDICT_MATCHED: outcome = requester_pkg::RESULT_MATCHED;
        prober_pkg::VERDICT_LATE: outcome = requester_pkg::RESULT_LATE;
        default: outcome = requester_pkg::RESULT_UNASKED;
      endcase
    end
    case (outcome)
      requester_pkg::RESULT_MATCHED: match_end.counter = sapulse_pkg::COUNTER_REPLIES;
      requester_pkg::RESULT_LATE: match_end.counter = sapulse_pkg::COUNTER_DROP_LATE;
      requester_pkg::RESULT_FULL: match_end.counter = sapulse_pkg::COUNTER_DROP_RING_FULL;
      default: match_end.counter = sapulse_pkg::COUNTER_DROP_UNASKED;
    endcase
    match_end.valid = ended;
  end
  assign leave = '{valid: ended, epoch: reply.data.epoch};

  `SAPULSE_ASSERT(clk, rst, !parsed.valid || parsed.ready, "reply_match: a reply without room")
  `SAPULSE_ASSERT(clk, rst, !probe_verdict.valid || waits_verdict, "reply_match: a verdict without question")

endmodule

`default_nettype wire
