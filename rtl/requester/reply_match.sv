// SPDX-License-Identifier: Apache-2.0
// Takes replies to requests of the card apart and asks the ping table, or the prober, whether they are wanted.
//
// job_*: frame of a verified, fresh reply; beats of its opened nested packet follow (open_gate). All valid/ready.
// ping_*: see ping_table. probe_*: see prober; verdict: some cycles after the handshake. end_*: a frame ends here, with its counter and epoch.
`default_nettype none
`include "sapulse_assert.svh"

module reply_match (
    input wire clk,
    input wire rst,

    input  wire                        job_valid,
    output logic                       job_ready,
    input  datapath_pkg::control_job_t job,
    input  wire                        beat_valid,
    output logic                       beat_ready,
    /* verilator lint_off UNUSEDSIGNAL */  // SPI, n, reply path and version tell nothing new
    input  wire  [511:0]               beat_data,
    /* verilator lint_on UNUSEDSIGNAL */
    input  wire                        beat_last,

    output logic                  ping_valid,
    input  wire                   ping_ready,
    output requester_pkg::reply_t reply,
    input  wire                   ping_result_valid,
    input  wire  [1:0]            ping_result,
    output logic                  probe_valid,
    input  wire                   probe_ready,
    input  wire                   verdict_valid,
    input  wire  [1:0]            verdict,

    output logic       end_valid,
    output logic [5:0] end_counter,
    output logic       end_epoch
);

  localparam int unsigned BODY = 8 * 16;            // bit of the body in the nested packet's first beat
  localparam int unsigned DATA = BODY + 8 * 12;     // of the echo data
  localparam int unsigned TOKEN_FIRST_BITS = 512 - (DATA + 8 * 32);  // of the token in the first beat
  localparam logic [15:0] TELEMETRY_BYTES = 16'd48;
  localparam logic [15:0] TELEMETRY_MAGIC = 16'h5350;

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
  localparam logic [1:0] JOB = 2'd0;
  localparam logic [1:0] FIRST = 2'd1;
  localparam logic [1:0] SECOND = 2'd2;
  localparam logic [1:0] REST = 2'd3;

  logic [1:0] state;
  logic take, telemetry, taken, room;
  requester_pkg::reply_t taking;
  /* verilator lint_off UNUSEDSIGNAL */  // the rest of the record has been used
  sapulse_types_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */

  assign record = job.job.record;
  assign job_ready = state == JOB && room;
  assign beat_ready = state != JOB;
  assign take = beat_valid && beat_ready;
  assign telemetry = number16(beat_data[BODY+16+:16]) >= TELEMETRY_BYTES && number16(beat_data[DATA+:16]) == TELEMETRY_MAGIC;

  always_ff @(posedge clk) begin
    taken <= take && beat_last && !rst;
    case (state)
      JOB: begin
        if (job_valid && job_ready) state <= FIRST;
        taking <= '0;
        taking.sa <= job.job.sa;
        taking.transaction <= record.control.transaction;
        taking.epoch <= job.job.epoch;
        taking.n <= record.control.n;
        taking.frame_length <= job.frame_length;
        taking.t_arrival <= job.received;
      end
      FIRST:
      if (take) begin
        state <= beat_last ? JOB : telemetry ? SECOND : REST;
        taking.consistent <= number32(beat_data[BODY+32+:32]) == taking.transaction;
        if (telemetry) begin
          taking.flags <= beat_data[DATA+8*3+:8];
          taking.t_origin <= number64(beat_data[DATA+8*4+:64]);
          taking.t_receive <= number64(beat_data[DATA+8*12+:64]);
          taking.t_transmit <= number64(beat_data[DATA+8*20+:64]);
          taking.data_sequence <= number32(beat_data[DATA+8*28+:32]);
          taking.token[TOKEN_FIRST_BITS-1:0] <= beat_data[511-:TOKEN_FIRST_BITS];
        end
      end
      SECOND:
      if (take) begin
        state <= beat_last ? JOB : REST;
        taking.token[127:TOKEN_FIRST_BITS] <= beat_data[127-TOKEN_FIRST_BITS:0];
      end
      default: if (take && beat_last) state <= JOB;
    endcase
    if (rst) state <= JOB;
  end

  // A packet starts when there is room for what is taken from it; a few wait while the table is asked.
  localparam int unsigned REPLIES = 4;
  localparam int unsigned COUNT_W = $clog2(REPLIES) + 1;
  logic [COUNT_W-1:0] held;
  logic push_room, reply_valid, ended, begins;

  assign begins = job_valid && job_ready;
  assign room = !held[COUNT_W-1];
  always_ff @(posedge clk) begin
    if (begins != ended) held <= begins ? held + 1'b1 : held - 1'b1;
    if (rst) held <= '0;
  end

  sync_fifo #(
      .WIDTH($bits(reply)),
      .DEPTH(REPLIES)
  ) u_replies (
      .clk,
      .rst,
      .in_valid(taken),
      .in_ready(push_room),
      .in_data(taking),
      .out_valid(reply_valid),
      .out_ready(ended),
      .out_data(reply)
  );

  // Asking.
  logic asks_ping, asks_probe, waits_verdict;
  logic [1:0] result;
  assign asks_ping = reply.consistent && !reply.transaction[30];
  assign asks_probe = reply.consistent && reply.transaction[30];
  assign ping_valid = reply_valid && asks_ping;
  assign probe_valid = reply_valid && asks_probe && !waits_verdict;

  always_ff @(posedge clk) begin
    if (probe_valid && probe_ready) waits_verdict <= 1'b1;
    if (rst || verdict_valid) waits_verdict <= 1'b0;
  end

  always_comb begin
    ended = reply_valid && !reply.consistent;
    result = requester_pkg::RESULT_UNASKED;
    if (asks_ping) begin
      ended = reply_valid && ping_ready;
      result = ping_result;
    end
    if (asks_probe) begin
      ended = reply_valid && verdict_valid;
      case (verdict)
        prober_pkg::VERDICT_MATCHED: result = requester_pkg::RESULT_MATCHED;
        prober_pkg::VERDICT_LATE: result = requester_pkg::RESULT_LATE;
        default: result = requester_pkg::RESULT_UNASKED;
      endcase
    end
    case (result)
      requester_pkg::RESULT_MATCHED: end_counter = sapulse_pkg::COUNTER_REPLIES;
      requester_pkg::RESULT_LATE: end_counter = sapulse_pkg::COUNTER_DROP_LATE;
      requester_pkg::RESULT_FULL: end_counter = sapulse_pkg::COUNTER_DROP_RING_FULL;
      default: end_counter = sapulse_pkg::COUNTER_DROP_UNASKED;
    endcase
  end
  assign end_valid = ended;
  assign end_epoch = reply.epoch;

  `SAPULSE_ASSERT(clk, rst, !taken || push_room, "reply_match: a reply without room")
  `SAPULSE_ASSERT(clk, rst, !verdict_valid || waits_verdict, "reply_match: a verdict without question")
  `SAPULSE_ASSERT(clk, rst, !ping_valid || ping_ready == ping_result_valid, "reply_match: the result comes with the handshake")

endmodule

`default_nettype wire
