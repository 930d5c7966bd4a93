// SPDX-License-Identifier: Apache-2.0
// Holds opened packets back until their fate is known: then a packet goes to respond, to reply_match, to the host, or nowhere.
// Nothing of a packet gets past here before its ICV, padding and body have been found good and the window has accepted it.
//
// opened: packets from open; fate: one per packet.
// reply_ctx: for each fate that is a reply, in order: with what (sa_tables); taken when the packet starts.
// reply_job, reply: packet to answer; the job starts it (all that an answer needs has room), its beats follow.
// match_job, match; plain_job, plain: the same for replies to the card's own requests and for packets to the host. A match_job with
// copy set: if a request of the card waits for the reply, the host is to be told that the peer has moved.
// copies: of which refusals (INTEGRITY, REPLAYED) of requests the host wants a plain_job without packet, with copy set. It gets one
// of every request whose peer has moved, too. copied: this is one; copy_lost: there was no token for it. limit: its cause is that
// of plain_job, or of match_job, as well.
// gate_end: a packet ends here; leave: and nothing is left of it (the copy of a refusal keeps the epoch).
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module open_gate #(
    // Beats of the longest packet.
    parameter int unsigned LONGEST = (sapulse_pkg::MAX_FRAME_BYTES + sapulse_pkg::BEAT_BYTES - 1) / sapulse_pkg::BEAT_BYTES,
    // Beats: the longest frame while another one leaves, and the wait for verdicts.
    parameter int unsigned DEPTH = 32768 / sapulse_pkg::BEAT_BYTES
) (
    input wire clk,
    input wire rst,

    stream_if.sink opened,     // payload_beat
    stream_if.sink fate,       // fate_t
    stream_if.sink reply_ctx,  // reply_ctx_t

    stream_if.source reply_job,  // reply_job_t
    stream_if.source reply,      // payload_beat
    stream_if.source match_job,  // control_job_t
    stream_if.source match,      // payload_beat
    stream_if.source plain_job,  // control_job_t
    stream_if.source plain,      // payload_beat

    input wire [1:0] copies,
    output logic     copied,
    output logic     copy_lost,
    limit_if.client  limit,

    output datapath_pkg::ending_t gate_end,
    output sa_pkg::passage_t      leave,

    output logic fifo_fault
);

  if (DEPTH < 2 * LONGEST) begin : g_depth
    $error("open_gate: DEPTH must hold the longest packet twice");
  end

  typedef enum logic [1:0] {TO_NOBODY, TO_REPLY, TO_MATCH, TO_HOST} target_t;

  stream_if #(sapulse_pkg::payload_beat) held ();
  sync_fifo #(.DEPTH(DEPTH), .BLOCK_RAM(1'b1)) u_opened (.clk, .rst, .in(opened), .out(held), .fault(fifo_fault));

  // The next packet may start while the last beat of the one before leaves.
  logic active, ending, can_start, room, asks, start, refused_icv, refused_replay, wants_copy;
  logic tells;  // with a plain_job of its own
  logic [7:0] message;
  target_t target, next_target;

  assign message = fate.data.message;
  assign ending = held.valid && held.ready && held.data.last;
  assign can_start = fate.valid && (!active || ending);
  assign refused_icv = fate.data.counter == sapulse_pkg::COUNTER_DROP_ICV;
  assign refused_replay = fate.data.counter == sapulse_pkg::COUNTER_DROP_REPLAY;
  // No error is ever sent about a reply or an error, so the host has no use for copies of these.
  assign wants_copy = !fate.data.reply && !fate.data.match && !fate.data.host && message == sapulse_pkg::TYPE_ECHO_REQUEST
      && ((refused_icv && copies[0]) || (refused_replay && copies[1]));
  assign tells = wants_copy || (fate.data.moved && !fate.data.match);

  // A packet starts when all that it starts has room, and the limit has been asked if it must be.
  assign asks = fate.data.host || wants_copy || fate.data.moved;
  assign limit.valid = can_start && room && asks;
  assign start = can_start && room && (!asks || limit.grant);

  always_comb begin
    next_target = TO_NOBODY;
    room = plain_job.ready || !(fate.data.host || tells);
    gate_end.counter = fate.data.counter;
    if (fate.data.reply) begin
      if (reply_ctx.data.usable) next_target = TO_REPLY;
      else gate_end.counter = sapulse_pkg::COUNTER_DROP_SEQUENCE;
      room &= reply_ctx.valid && (!reply_ctx.data.usable || reply_job.ready);
    end else if (fate.data.match) begin
      next_target = TO_MATCH;
      room &= match_job.ready;
    end else if (fate.data.host) begin
      if (limit.pass) next_target = TO_HOST;
      else gate_end.counter = sapulse_pkg::COUNTER_DROP_LIMITED;
    end
  end

  always_comb begin
    if (fate.data.moved) begin
      limit.cause = sapulse_pkg::CAUSE_PEER_MOVED;
    end else if (wants_copy) begin
      limit.cause = refused_icv ? sapulse_pkg::CAUSE_INTEGRITY : sapulse_pkg::CAUSE_REPLAYED;
    end else begin
      case (message)
        sapulse_pkg::TYPE_ECHO_REQUEST: limit.cause = sapulse_pkg::CAUSE_SA_DOWN;
        sapulse_pkg::TYPE_ECHO_REPLY: limit.cause = sapulse_pkg::CAUSE_REPLY;
        default: limit.cause = sapulse_pkg::CAUSE_ERROR_PROTECTED;
      endcase
    end
  end

  assign fate.ready = start;
  assign reply_ctx.ready = start && fate.data.reply;
  assign reply_job.valid = start && next_target == TO_REPLY;
  assign reply_job.data = '{job: fate.data.job, ctx: reply_ctx.data};
  assign match_job.valid = start && next_target == TO_MATCH;
  assign plain_job.valid = start && (next_target == TO_HOST || (tells && limit.pass));
  always_comb begin
    plain_job.data = fate.data.job;
    plain_job.data.job.cause = limit.cause;
    plain_job.data.job.copy = tells;
    match_job.data = plain_job.data;
    match_job.data.job.copy = fate.data.moved && limit.pass;
  end
  assign copied = plain_job.valid && tells;
  assign copy_lost = start && (wants_copy || fate.data.moved) && !limit.pass;
  assign gate_end.valid = start && next_target == TO_NOBODY;
  assign leave = '{valid: gate_end.valid && !(plain_job.valid && !fate.data.moved), epoch: fate.data.job.job.epoch};

  always_ff @(posedge clk) begin
    if (start) target <= next_target;
    if (start) active <= 1'b1;
    else if (ending) active <= 1'b0;
    if (rst) active <= 1'b0;
  end

  assign reply.valid = held.valid && active && target == TO_REPLY;
  assign match.valid = held.valid && active && target == TO_MATCH;
  assign plain.valid = held.valid && active && target == TO_HOST;
  assign reply.data = held.data;
  assign match.data = held.data;
  assign plain.data = held.data;
  always_comb begin
    case (target)
      TO_REPLY: held.ready = active && reply.ready;
      TO_MATCH: held.ready = active && match.ready;
      TO_HOST: held.ready = active && plain.ready;
      default: held.ready = active;
    endcase
  end

  wire [1:0] fates = {1'b0, fate.data.reply} + {1'b0, fate.data.match} + {1'b0, fate.data.host};
  `SAPULSE_ASSERT(clk, rst, !(fate.valid && fates > 2'd1), "open_gate: a packet has two fates")
  `SAPULSE_ASSERT(clk, rst, !(fate.valid && fate.data.moved && (fate.data.host || wants_copy)),
                  "open_gate: two exceptions of a packet")
  `SAPULSE_ASSERT(clk, rst, !(plain_job.valid && !fate.data.host && !tells),
                  "open_gate: a packet for nobody goes to the host")

endmodule

`default_nettype wire
