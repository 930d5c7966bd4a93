// SPDX-License-Identifier: Apache-2.0
// Sends each frame of the line side to the core side, to the control path, to both, or nowhere, as its decision says.
// One beat a cycle. The control path never makes it wait: what does not fit there is lost and counted.
//
// decision, received (time of its first beat, ns): one per frame, taken together.
// core: beats of passed frames, unchanged, in the same cycle as frame.
// control: two cycles later, without waiting. job: one per frame that the control path gets, in the cycle of its last beat.
// line_end: each frame that ends here, as PASSED or a DROP_*; fragment, copy_lost: at its end, one cycle each.
// crowded: clear echoes find no room in the control path, nor does who holds his share of it.
// asked, over: who holds the room of the frame in hands; two cycles later: he has his share. holder: who holds that of `job`.
// leave: a frame that had entered is dropped, or its customer sequence number has been noted, which is `customer`.
`default_nettype none
`include "sapulse_assert.svh"

module steer (
    input wire clk,
    input wire rst,

    stream_if.sink    frame,     // axis_beat
    stream_if.sink    decision,  // decision_t
    input wire [63:0] received,
    input wire        crowded,

    output datapath_pkg::holder_t asked,
    input wire                    over,
    output datapath_pkg::holder_t holder,

    stream_if.source      core,  // axis_beat
    frame_write_if.source control,
    stream_if.source      job,  // control_job_t

    output datapath_pkg::ending_t line_end,
    output logic                  fragment,
    output logic                  copy_lost,
    output sa_pkg::passage_t      leave,
    output sa_pkg::customer_t     customer
);

  localparam int unsigned BEAT_W = $clog2(sapulse_pkg::BEAT_BYTES);
  localparam int unsigned BEATS_W = 16 - BEAT_W;  // frames of up to 64 KiB; longer ones saturate
  localparam logic [16:0] MAX_BYTES = 17'(sapulse_pkg::MAX_FRAME_BYTES);

  // Stage 1: the beat leaves rx_buffer.
  logic middle;  // of a frame: its decision is in `current`
  datapath_pkg::decision_t current;
  logic [63:0] current_received;
  logic fire;

  assign core.data = frame.data;
  assign core.valid = frame.valid && (middle ? current.pass : decision.valid && decision.data.pass);
  always_comb begin
    if (middle) frame.ready = !current.pass || core.ready;
    else frame.ready = decision.valid && (!decision.data.pass || core.ready);
  end
  assign fire = frame.valid && frame.ready;
  assign decision.ready = fire && !middle;
  assign asked = middle ? current.holder : decision.data.holder;

  always_ff @(posedge clk) begin
    if (decision.ready) begin
      current <= decision.data;
      current_received <= received;
    end
    if (fire) middle <= !frame.data.last;
    if (rst) middle <= 1'b0;
  end

  // Stage 2: bytes of the beat. From here on nothing can stall; `current` holds the decision of this beat's frame.
  logic counted_valid, counted_first;
  sapulse_pkg::axis_beat counted;

  always_ff @(posedge clk) begin
    counted <= frame.data;
    counted_first <= !middle;
    counted_valid <= fire && !rst;
  end

  // Stage 3: length of the frame so far, checks at its end.
  logic ending_valid;
  sapulse_pkg::axis_beat ending_beat;
  logic [6:0] ending_bytes;
  logic [BEATS_W-1:0] full_beats;  // before this one
  datapath_pkg::decision_t ending;
  logic [63:0] ending_received;

  always_ff @(posedge clk) begin
    ending_beat <= counted;
    ending_bytes <= datapath_pkg::keep_count(counted.keep);
    ending <= current;
    ending_received <= current_received;
    ending_valid <= counted_valid && !rst;
    if (counted_valid) begin
      if (counted_first) full_beats <= '0;
      else if (!(&full_beats)) full_beats <= full_beats + 1'b1;
    end
  end

  logic [16:0] length;
  logic bad_length, no_room, taken, end_of_frame;

  always_comb begin
    if (ending_bytes[BEAT_W]) length = {1'b0, full_beats + 1'b1, BEAT_W'(0)};
    else length = {1'b0, full_beats, ending_bytes[BEAT_W-1:0]};
  end
  assign bad_length = length < ending.job.record.l4.ip_end || length > MAX_BYTES || &full_beats;
  assign end_of_frame = ending_valid && ending_beat.last;

  assign control.valid = ending_valid && ending.take;
  always_comb begin
    control.beat = ending_beat;
    control.beat.user = 1'b0;  // what a MAC finds bad is dropped
  end
  assign no_room = !job.ready || (crowded && (over || ending.job.route == datapath_pkg::ROUTE_ECHO));
  assign control.drop = ending_beat.user || bad_length || no_room;
  assign taken = end_of_frame && ending.take && !control.drop && !control.overflow;

  assign job.valid = taken;
  assign holder = ending.holder;
  assign job.data = '{received: ending_received, frame_length: length[15:0], job: ending.job};

  assign line_end.valid = end_of_frame && (ending.pass || ending.job.copy || !taken);
  always_comb begin
    line_end.counter = ending.drop;
    if (ending.pass) line_end.counter = sapulse_pkg::COUNTER_PASSED;
    else if (ending_beat.user) line_end.counter = sapulse_pkg::COUNTER_DROP_MAC_ERROR;
    else if (ending.job.copy) line_end.counter = ending.drop;
    else if (ending.take && bad_length) line_end.counter = sapulse_pkg::COUNTER_DROP_IP_LENGTH;
    else if (ending.take) line_end.counter = sapulse_pkg::COUNTER_DROP_OVERFLOW;
  end
  assign fragment = end_of_frame && ending.pass && ending.fragment;
  assign copy_lost = end_of_frame && !ending_beat.user
      && (ending.limited || (ending.job.copy && ending.take && !bad_length && !taken));

  assign leave.valid = end_of_frame
      && (ending.data_seen || (ending.take && ending.job.route == datapath_pkg::ROUTE_PING && !taken));
  assign leave.epoch = ending.job.epoch;

  assign customer.valid = end_of_frame && ending.data_seen && !ending_beat.user;
  assign customer.sa = ending.job.sa;
  assign customer.sequence_number = ending.job.record.l4.seq;

  `SAPULSE_ASSERT(clk, rst, !(job.valid && !job.ready), "steer: a job without room")
  `SAPULSE_ASSERT(clk, rst, !(line_end.valid && taken && !ending.job.copy), "steer: a frame both taken and dropped")

endmodule

`default_nettype wire
