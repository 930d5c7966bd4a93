// SPDX-License-Identifier: Apache-2.0
// Sends each frame of the line side to the core side, to the control path, to both, or nowhere, as its decision says.
// One beat a cycle. The control path never makes it wait: what does not fit there is lost and counted.
//
// decision, received (time of its first beat, ns): one per frame, taken together. measure: one per frame, two cycles after its last
// beat has come at the latest.
// core: beats of passed frames, unchanged, in the same cycle as frame.
// control: two cycles later, without waiting. job: one per frame that the control path gets, in the cycle of its last beat; sooner
// if the frame has been measured sooner, and will fit for certain. done: in the cycle of the last beat of any frame.
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
    stream_if.sink    measure,   // measure_t
    input wire        crowded,

    output datapath_pkg::holder_t asked,
    input wire                    over,
    output datapath_pkg::holder_t holder,

    stream_if.source      core,  // axis_beat
    frame_write_if.source control,
    stream_if.source      job,  // control_job_t

    output logic                  done,
    output datapath_pkg::ending_t line_end,
    output logic                  fragment,
    output logic                  copy_lost,
    output sa_pkg::passage_t      leave,
    output sa_pkg::customer_t     customer
);

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

  // Stage 2: asks control_share. From here on nothing can stall; `current` holds the decision of this beat's frame.
  logic waiting_valid;
  sapulse_pkg::axis_beat waiting;

  always_ff @(posedge clk) begin
    waiting <= frame.data;
    waiting_valid <= fire && !rst;
  end

  // Stage 3: checks, as soon as the frame has been measured.
  logic ending_valid;
  sapulse_pkg::axis_beat ending_beat;
  datapath_pkg::decision_t ending;
  logic [63:0] ending_received;

  always_ff @(posedge clk) begin
    ending_beat <= waiting;
    ending <= current;
    ending_received <= current_received;
    ending_valid <= waiting_valid && !rst;
  end

  logic [16:0] length;
  logic bad_length, no_room, good, fits, tells, taken, taken_before, end_of_frame;

  assign length = {1'b0, measure.data.length};
  assign bad_length = length < ending.job.record.l4.ip_end || length > MAX_BYTES;
  assign end_of_frame = ending_valid && ending_beat.last;
  assign measure.ready = end_of_frame;
  assign done = end_of_frame;

  assign control.valid = ending_valid && ending.take;
  always_comb begin
    control.beat = ending_beat;
    control.beat.user = 1'b0;  // what a MAC finds bad is dropped
  end
  assign no_room = !job.ready || (crowded && (over || ending.job.route == datapath_pkg::ROUTE_ECHO));
  assign good = measure.valid && !measure.data.bad && !bad_length;
  // Before its end a frame is taken if there is room for the longest one.
  assign fits = !no_room && !control.overflow && (ending_beat.last || !control.half);
  assign tells = control.valid && !taken_before && good && fits;
  assign taken = taken_before || tells;
  assign control.keep = taken;
  assign job.valid = tells;

  always_ff @(posedge clk) begin
    if (ending_valid) taken_before <= taken && !ending_beat.last;
    if (rst) taken_before <= 1'b0;
  end

  assign holder = ending.holder;
  assign job.data = '{received: ending_received, frame_length: measure.data.length, job: ending.job};

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

  `SAPULSE_ASSERT(clk, rst, !end_of_frame || measure.valid, "steer: a frame that has not been measured")
  `SAPULSE_ASSERT(clk, rst, !(taken_before && control.valid && control.overflow), "steer: no room for a frame that was taken")
  `SAPULSE_ASSERT(clk, rst, !(job.valid && !job.ready), "steer: a job without room")
  `SAPULSE_ASSERT(clk, rst, !(line_end.valid && taken && !ending.job.copy), "steer: a frame both taken and dropped")

endmodule

`default_nettype wire
