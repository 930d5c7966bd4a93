// SPDX-License-Identifier: Apache-2.0
// Takes replies to requests of the card apart.
//
// seed: see requester_pkg::own_transaction.
// match_job: frame of a verified, fresh reply; match: its opened nested packet (open_gate). A packet is taken while fewer than
//   REPLIES wait.
// reply: what it says.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module reply_parse #(
    parameter int unsigned REPLIES = 4
) (
    input wire clk,
    input wire rst,

    input wire [29:0] seed,

    stream_if.sink   match_job,  // control_job_t
    stream_if.sink   match,      // payload_beat
    stream_if.source reply,       // reply_t

    output logic fifo_fault
);

  // Needs 64-byte beats: the first one reaches into the token, the second one has its rest and the token nonce.
  localparam int unsigned HEAD_BITS = 8 * 64;
  // Bits of that beat at which things begin.
  localparam int unsigned BODY = 8 * sapulse_pkg::NESTED_CIPHERTEXT;
  localparam int unsigned DATA = BODY + 8 * sapulse_pkg::ECHO_BYTES;
  localparam int unsigned TOKEN = DATA + 8 * sapulse_pkg::TELEMETRY_TOKEN;
  localparam int unsigned TOKEN_FIRST_BITS = HEAD_BITS - TOKEN;  // of the token in the first beat
  localparam int unsigned TOKEN_BITS = 8 * sapulse_pkg::TOKEN_BYTES;
  localparam int unsigned NONCE = DATA + 8 * sapulse_pkg::TELEMETRY_TOKEN_NONCE - HEAD_BITS;  // in the second beat
  localparam int unsigned NONCE_BITS = 8 * sapulse_pkg::TOKEN_NONCE_BYTES;

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
  assign telemetry = number16(beat[BODY+8*sapulse_pkg::ECHO_DATA_LENGTH+:16]) >= 16'(sapulse_pkg::TELEMETRY_BYTES)
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
        taking.moved <= match_job.data.job.copy;
        taking.n <= record.control.n;
        taking.frame_length <= match_job.data.frame_length;
        taking.t_arrival <= match_job.data.received;
      end
      FIRST:
      if (take) begin
        state <= match.data.last ? JOB : telemetry ? SECOND : REST;
        taking.consistent <= number32(beat[BODY+8*sapulse_pkg::ECHO_IDENTIFIER+:32]) == taking.transaction;
        taking.transaction <= requester_pkg::own_transaction(taking.transaction, seed);
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
        taking.token_nonce <= beat[NONCE+:NONCE_BITS];
      end
      default: if (take && match.data.last) state <= JOB;
    endcase
    if (rst) state <= JOB;
  end

  // A packet starts when there is room for what is taken from it.
  localparam int unsigned COUNT_W = $clog2(REPLIES) + 1;
  logic [COUNT_W-1:0] held;

  assign room = !held[COUNT_W-1];
  always_ff @(posedge clk) begin
    if (begins != ended) held <= begins ? held + 1'b1 : held - 1'b1;
    if (rst) held <= '0;
  end

  stream_if #(requester_pkg::reply_t) parsed ();
  assign parsed.valid = taken;
  assign parsed.data = taking;
  assign ended = reply.valid && reply.ready;
  sync_fifo #(
      .DEPTH(REPLIES),
      .HEAD_BITS(requester_pkg::REPLY_HEAD_BITS)
  ) u_replies (.clk, .rst, .in(parsed), .out(reply), .fault(fifo_fault));

  `SAPULSE_ASSERT(clk, rst, !parsed.valid || parsed.ready, "reply_parse: a reply without room")

endmodule

`default_nettype wire
