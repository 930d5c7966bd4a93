// SPDX-License-Identifier: Apache-2.0
// Sends each frame of the line side to the core side, to the control path, to both, or nowhere, as its decision says.
// One beat a cycle. The control path never makes it wait: what does not fit there is lost and counted.
//
// beat_*: {user, last, keep, data}, valid/ready. decision_*, received (time of its first beat, ns): one per frame, valid/ready.
// core_*: beats of passed frames, unchanged, valid/ready; in the same cycle as beat_*.
// control_*: to a frame_fifo (which has no say: control_overflow, valid with control_last), CONTROL_LATENCY cycles later.
// job_*: one per frame that the control path gets, in the cycle of its last beat.
// result_*: the counter of each frame (PASSED or a DROP_*) that ends here; fragment, copy_lost: with it, one cycle each.
// leave_*: a frame that had entered is dropped, or its customer sequence number has been noted. data_*: customer sequence number seen on an SA.
`default_nettype none
`include "sapulse_assert.svh"

module steer (
    input wire clk,
    input wire rst,

    input  wire                            beat_valid,
    output logic                           beat_ready,
    input  wire  [577:0]                   beat,
    input  wire                            decision_valid,
    output logic                           decision_ready,
    input  datapath_pkg::decision_t        decision,
    input  wire  [ 63:0]                   received,

    output logic         core_valid,
    input  wire          core_ready,
    output logic [577:0] core_beat,

    output logic                               control_valid,
    output logic [datapath_pkg::BEAT_BITS-1:0] control_beat,
    output logic                               control_last,
    output logic                               control_drop,
    input  wire                                control_overflow,
    output logic                               job_valid,
    input  wire                                job_ready,
    output datapath_pkg::control_job_t         job,

    output logic       result_valid,
    output logic [5:0] result,
    output logic       fragment,
    output logic       copy_lost,

    output logic                             leave_valid,
    output logic                             leave_epoch,
    output logic                             data_valid,
    output logic [datapath_pkg::SA_BITS-1:0] data_sa,
    output logic [                     31:0] data_sequence
);

  localparam int unsigned BEATS_W = 10;  // frames of up to 64 KiB; longer ones saturate
  localparam logic [16:0] MAX_BYTES = 17'(sapulse_pkg::MAX_FRAME_BYTES);

  // Stage 1: the beat leaves rx_buffer.
  logic middle;  // of a frame: its decision is in `current`
  datapath_pkg::decision_t current, chosen;
  logic [63:0] current_received;
  logic fire, last;

  assign last = beat[576];
  assign core_beat = beat;
  assign core_valid = beat_valid && (middle ? current.pass : decision_valid && decision.pass);
  always_comb begin
    if (middle) beat_ready = !current.pass || core_ready;
    else beat_ready = decision_valid && (!decision.pass || core_ready);
  end
  assign fire = beat_valid && beat_ready;
  assign decision_ready = fire && !middle;

  always_ff @(posedge clk) begin
    if (decision_ready) begin
      current <= decision;
      current_received <= received;
    end
    if (fire) middle <= !last;
    if (rst) middle <= 1'b0;
  end

  // Stage 2: bytes of the beat. From here on nothing can stall.
  logic counted_valid, counted_first;
  logic [577:0] counted_beat;

  always_ff @(posedge clk) begin
    counted_beat <= beat;
    counted_first <= !middle;
    counted_valid <= fire && !rst;
  end
  assign chosen = current;  // one cycle later it holds the decision of this beat's frame

  // Stage 3: length of the frame so far, checks at its end.
  logic ending_valid, ending_last, ending_user;
  logic [datapath_pkg::BEAT_BITS-1:0] ending_beat;
  logic [6:0] ending_bytes;
  logic [BEATS_W-1:0] full_beats;  // before this one
  datapath_pkg::decision_t ending;
  logic [63:0] ending_received;

  always_ff @(posedge clk) begin
    ending_beat <= counted_beat[datapath_pkg::BEAT_BITS-1:0];
    ending_last <= counted_beat[576];
    ending_user <= counted_beat[577];
    ending_bytes <= datapath_pkg::keep_count(counted_beat[575:512]);
    ending <= chosen;
    ending_received <= current_received;
    ending_valid <= counted_valid && !rst;
    if (counted_valid) begin
      if (counted_first) full_beats <= '0;
      else if (!(&full_beats)) full_beats <= full_beats + 1'b1;
    end
  end

  logic [16:0] length;
  logic bad_length, taken, end_of_frame;
  /* verilator lint_off UNUSEDSIGNAL */  // the rest of the record travels on
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */

  assign record = ending.job.record;
  assign length = ending_bytes[6] ? {1'b0, full_beats + 1'b1, 6'd0} : {1'b0, full_beats, ending_bytes[5:0]};
  assign bad_length = length < record.l4.ip_end || length > MAX_BYTES || &full_beats;
  assign end_of_frame = ending_valid && ending_last;

  assign control_valid = ending_valid && ending.take;
  assign control_beat = ending_beat;
  assign control_last = ending_last;
  assign control_drop = ending_user || bad_length || !job_ready;
  assign taken = end_of_frame && ending.take && !control_drop && !control_overflow;

  assign job_valid = taken;
  assign job.received = ending_received;
  assign job.frame_length = length[15:0];
  assign job.job = ending.job;

  always_comb begin
    result = ending.drop;
    if (ending.pass) result = sapulse_pkg::COUNTER_PASSED;
    else if (ending_user) result = sapulse_pkg::COUNTER_DROP_MAC_ERROR;
    else if (ending.job.copy) result = ending.drop;
    else if (ending.take && bad_length) result = sapulse_pkg::COUNTER_DROP_IP_LENGTH;
    else if (ending.take) result = sapulse_pkg::COUNTER_DROP_OVERFLOW;
  end
  assign result_valid = end_of_frame && (ending.pass || ending.job.copy || !taken);
  assign fragment = end_of_frame && ending.pass && ending.fragment;
  assign copy_lost = end_of_frame && !ending_user && (ending.limited || (ending.job.copy && ending.take && !bad_length && !taken));

  assign leave_valid = end_of_frame
      && (ending.data_seen || (ending.take && ending.job.route == datapath_pkg::ROUTE_PING && !taken));
  assign leave_epoch = ending.job.epoch;

  assign data_valid = end_of_frame && ending.data_seen && !ending_user;
  assign data_sa = ending.job.sa;
  assign data_sequence = record.l4.seq;

  `SAPULSE_ASSERT(clk, rst, !(job_valid && !job_ready), "steer: a job without room")
  `SAPULSE_ASSERT(clk, rst, !(result_valid && taken && !ending.job.copy), "steer: a frame both taken and dropped")

endmodule

`default_nettype wire
