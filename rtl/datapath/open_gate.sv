// SPDX-License-Identifier: Apache-2.0
// Holds opened packets back until their fate is known: then a packet goes to respond, to reply_match, to the host, or nowhere.
// Nothing of a packet gets past here before its ICV, padding and body have been found good and the window has accepted it.
//
// plain_*: beats {last, data} from open, valid/ready. fate_*: see open_verdicts; one per packet, with its control type and epoch.
// context_*: for each fate_reply, in order: whether the SA can send (sa_tables); taken when the packet starts.
// reply_*: packet to answer; reply_job_* starts it (all that an answer needs has room), its beats follow.
// match_*, host_*: the same for replies to the card's own requests and for packets to the host. host_copy: a job without packet, about
// a request that ends here; copies: of which refusals (INTEGRITY, REPLAYED) such copies are wanted. limit_*: asks for a token of limit_cause,
// which is the cause of the host's job as well; limit_grant: the limiter listens this cycle. copy_lost: there was no token for a copy.
// end_*: a packet ends here, with its counter and epoch; end_leaves: and nothing is left of it (a copy keeps the epoch).
`default_nettype none
`include "sapulse_assert.svh"

module open_gate #(
    parameter int unsigned DEPTH = 512  // beats: the longest frame (144) while another one leaves, and the wait for verdicts
) (
    input wire clk,
    input wire rst,

    input  wire          plain_valid,
    output logic         plain_ready,
    input  wire  [512:0] plain_beat,

    input  wire         fate_valid,
    output logic        fate_ready,
    input  wire         fate_reply,
    input  wire         fate_match,
    input  wire         fate_host,
    input  wire  [ 5:0] fate_counter,
    input  wire  [ 7:0] fate_message,
    input  wire         fate_epoch,

    input  wire  context_valid,
    output logic context_ready,
    input  wire  context_usable,

    input  wire [1:0] copies,

    output logic         reply_job_valid,
    input  wire          reply_job_ready,
    output logic         match_job_valid,
    input  wire          match_job_ready,
    output logic         host_job_valid,
    input  wire          host_job_ready,
    output logic         host_copy,
    output logic         reply_valid,
    input  wire          reply_ready,
    output logic         match_valid,
    input  wire          match_ready,
    output logic         host_valid,
    input  wire          host_ready,
    output logic [511:0] out_data,
    output logic         out_last,

    output logic       limit_valid,
    output logic [3:0] limit_cause,
    input  wire        limit_grant,
    input  wire        limit_pass,
    output logic       copy_lost,

    output logic       end_valid,
    output logic       end_leaves,
    output logic [5:0] end_counter,
    output logic       end_epoch
);

  localparam int unsigned LONGEST_BEATS = (sapulse_pkg::MAX_FRAME_BYTES + 63) / 64;
  if (DEPTH < 2 * LONGEST_BEATS) begin : g_depth
    $error("open_gate: DEPTH must hold the longest packet twice");
  end

  localparam logic [1:0] TO_NOBODY = 2'd0;
  localparam logic [1:0] TO_REPLY = 2'd1;
  localparam logic [1:0] TO_MATCH = 2'd2;
  localparam logic [1:0] TO_HOST = 2'd3;

  logic beat_valid, beat_ready, beat_fire;

  sync_fifo #(
      .WIDTH(513),
      .DEPTH(DEPTH),
      .BLOCK_RAM(1'b1)
  ) u_plain (
      .clk,
      .rst,
      .in_valid(plain_valid),
      .in_ready(plain_ready),
      .in_data(plain_beat),
      .out_valid(beat_valid),
      .out_ready(beat_ready),
      .out_data({out_last, out_data})
  );

  // The next packet may start while the last beat of the one before leaves.
  logic active, can_start, start, refused_icv, refused_replay, wants_copy;
  logic [1:0] target, next_target;

  assign can_start = fate_valid && (!active || (beat_fire && out_last));
  assign refused_icv = fate_counter == sapulse_pkg::COUNTER_DROP_ICV;
  assign refused_replay = fate_counter == sapulse_pkg::COUNTER_DROP_REPLAY;
  // No error is ever sent about a reply or an error, so the host has no use for copies of these.
  assign wants_copy = !fate_reply && !fate_match && !fate_host && fate_message == datapath_pkg::MESSAGE_ECHO_REQUEST
      && ((refused_icv && copies[0]) || (refused_replay && copies[1]));

  always_comb begin
    next_target = TO_NOBODY;
    start = can_start;
    end_counter = fate_counter;
    if (fate_reply) begin
      if (context_usable) next_target = TO_REPLY;
      else end_counter = sapulse_pkg::COUNTER_DROP_SEQUENCE;
      start = can_start && context_valid && (!context_usable || reply_job_ready);
    end else if (fate_match) begin
      next_target = TO_MATCH;
      start = can_start && match_job_ready;
    end else if (fate_host) begin
      if (limit_pass) next_target = TO_HOST;
      else end_counter = sapulse_pkg::COUNTER_DROP_LIMITED;
      start = can_start && host_job_ready && limit_grant;
    end else if (wants_copy) begin
      start = can_start && host_job_ready && limit_grant;
    end
  end

  always_comb begin
    if (wants_copy) begin
      limit_cause = refused_icv ? sapulse_pkg::CAUSE_INTEGRITY : sapulse_pkg::CAUSE_REPLAYED;
    end else begin
      case (fate_message)
        datapath_pkg::MESSAGE_ECHO_REQUEST: limit_cause = sapulse_pkg::CAUSE_SA_DOWN;
        datapath_pkg::MESSAGE_ECHO_REPLY: limit_cause = sapulse_pkg::CAUSE_REPLY;
        default: limit_cause = sapulse_pkg::CAUSE_ERROR_PROTECTED;
      endcase
    end
  end

  assign fate_ready = start;
  assign context_ready = start && fate_reply;
  assign reply_job_valid = start && next_target == TO_REPLY;
  assign match_job_valid = start && next_target == TO_MATCH;
  assign host_job_valid = start && (next_target == TO_HOST || (wants_copy && limit_pass));
  assign host_copy = wants_copy;
  assign limit_valid = can_start && (fate_host || wants_copy) && host_job_ready;
  assign copy_lost = start && wants_copy && !limit_pass;
  assign end_valid = start && next_target == TO_NOBODY;
  assign end_leaves = end_valid && !host_job_valid;
  assign end_epoch = fate_epoch;

  always_ff @(posedge clk) begin
    if (start) target <= next_target;
    if (start) active <= 1'b1;
    else if (beat_fire && out_last) active <= 1'b0;
    if (rst) active <= 1'b0;
  end

  assign reply_valid = beat_valid && active && target == TO_REPLY;
  assign match_valid = beat_valid && active && target == TO_MATCH;
  assign host_valid = beat_valid && active && target == TO_HOST;
  always_comb begin
    case (target)
      TO_REPLY: beat_ready = active && reply_ready;
      TO_MATCH: beat_ready = active && match_ready;
      TO_HOST: beat_ready = active && host_ready;
      default: beat_ready = active;
    endcase
  end
  assign beat_fire = beat_valid && beat_ready;

  wire [1:0] fates = {1'b0, fate_reply} + {1'b0, fate_match} + {1'b0, fate_host};
  `SAPULSE_ASSERT(clk, rst, !(fate_valid && fates > 2'd1), "open_gate: a packet has two fates")
  `SAPULSE_ASSERT(clk, rst, !(host_job_valid && !fate_host && !wants_copy), "open_gate: a packet for nobody goes to the host")

endmodule

`default_nettype wire
