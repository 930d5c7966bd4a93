// SPDX-License-Identifier: Apache-2.0
// Each frame ends in exactly one way: it passes, it is handed to the control path, or it ends here for a stated reason; only a copy
// goes besides. A passed frame is taken by the core side beat for beat in the cycle in which it comes, whole; the control path gets
// all beats of a frame or none, and none that is broken; it is told as soon as the frame has been measured, if there is room for
// any frame. What has entered leaves exactly once.
`default_nettype none

module steer_proof (
    input wire clk,
    input wire restart,
    input wire frame_valid,
    input wire frame_last,
    input wire frame_user,
    input wire [6:0] frame_bytes,
    input wire frame_bit,
    input wire decision_valid,
    input wire [4:0] fates,
    input wire [1:0] route,
    input wire [5:0] drop,
    input wire [15:0] ip_end,
    input wire decision_bit,
    input wire crowded,
    input wire over,
    input wire core_ready,
    input wire control_overflow,
    input wire control_half,
    input wire measure_valid,
    input wire [15:0] measure_length,
    input wire measure_bad,
    input wire job_ready
);

  localparam int unsigned BEAT = sapulse_pkg::BEAT_BYTES;
  localparam int unsigned LATENCY = 2;  // from the last beat to what becomes of the frame

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(sapulse_pkg::axis_beat) frame (), core ();
  stream_if #(datapath_pkg::decision_t) decision ();
  stream_if #(datapath_pkg::control_job_t) job ();
  frame_write_if control ();
  datapath_pkg::holder_t asked, holder;
  stream_if #(datapath_pkg::measure_t) measure ();
  datapath_pkg::ending_t line_end;
  logic done, fragment, copy_lost;
  sa_pkg::passage_t leave;
  sa_pkg::customer_t customer;
  steer u_dut (.received('0), .*);

  always_comb begin
    frame.data = '0;
    frame.data.data[0] = frame_bit;
    frame.data.keep = ~({BEAT{1'b1}} << frame_bytes);
    frame.data.last = frame_last;
    frame.data.user = frame_user;
  end
  assign frame.valid = frame_valid;
  // Of what steer only hands on, one bit is free.
  always_comb begin
    decision.data = '0;
    {decision.data.pass, decision.data.take, decision.data.fragment, decision.data.limited, decision.data.data_seen} = fates;
    decision.data.drop = drop;
    decision.data.job.route = datapath_pkg::route_t'(route);
    decision.data.job.copy = decision_bit && decision.data.take;
    decision.data.job.epoch = decision_bit;
    decision.data.job.record.l4.ip_end = ip_end;
  end
  assign decision.valid = decision_valid;
  assign core.ready = core_ready;
  assign control.ready = 1'b1, control.half = control_half, control.overflow = control_overflow;
  assign job.ready = job_ready;
  assign measure.valid = measure_valid, measure.data.length = measure_length, measure.data.bad = measure_bad;

  // What the surroundings promise: what is offered stays; full beats but for the last; what is passed is taken only as a copy, and
  // only passed frames are customer packets of an SA (policy); a beat that control has lost takes its frame with it (frame_fifo).
  logic frame_held, decision_held, measure_held, middle, lost;
  sapulse_pkg::axis_beat frame_was;
  datapath_pkg::decision_t decision_was;
  datapath_pkg::measure_t measure_was;
  always_ff @(posedge clk) begin
    frame_held <= frame.valid && !frame.ready && !rst;
    decision_held <= decision.valid && !decision.ready && !rst;
    frame_was <= frame.data;
    decision_was <= decision.data;
    measure_held <= measure.valid && !measure.ready && !rst;
    measure_was <= measure.data;
    lost <= !rst && control.valid && control.overflow && !control.beat.last;
  end
  always_comb begin
    if (frame_held) assume (frame.valid && frame.data == frame_was);
    if (decision_held) assume (decision.valid && decision.data == decision_was);
    if (measure_held) assume (measure.valid && measure.data == measure_was);
    assume (frame_bytes != '0 && 32'(frame_bytes) <= BEAT && (frame_last || 32'(frame_bytes) == BEAT));
    assume (!(decision.data.pass && decision.data.take && !decision.data.job.copy));
    assume (!(decision.data.data_seen && !decision.data.pass));
    if (lost && control.valid) assume (control.overflow);
  end

  // The frame whose beat comes now: its decision, and how many beats it has had. Counting stops far above the longest frame.
  localparam int unsigned INDEX_W = 10;
  logic fire;
  datapath_pkg::decision_t now, held;
  logic [INDEX_W-1:0] index, next_index;
  assign fire = frame.valid && frame.ready;
  assign now = middle ? held : decision.data;
  assign index = middle ? next_index : '0;
  always_ff @(posedge clk) begin
    if (fire) begin
      middle <= !frame_last;
      next_index <= index + INDEX_W'(!(&index));
      held <= now;
    end
    if (rst) middle <= 1'b0;
  end

  // The same when it is told what becomes of it.
  typedef struct packed {
    logic                    fire;
    sapulse_pkg::axis_beat   beat;
    datapath_pkg::decision_t decision;
    logic [INDEX_W-1:0]      index;
  } moment_t;
  moment_t [LATENCY-1:0] past;
  moment_t then;
  always_ff @(posedge clk) begin
    past <= {past[LATENCY-2:0], {fire, frame.data, now, index}};
    if (rst) for (int i = 0; i < LATENCY; i++) past[i].fire <= 1'b0;
  end
  assign then = past[LATENCY-1];

  logic ends, pings, broken, room;
  logic was, gone;  // the control path has been told of the frame before, or now
  logic [16:0] length;
  assign ends = then.fire && then.beat.last;
  assign length = 17'(BEAT) * then.index + 17'($countones(then.beat.keep));
  assign pings = then.decision.job.route == datapath_pkg::ROUTE_PING;
  assign broken = measure.data.bad || 17'(measure.data.length) < 17'(then.decision.job.record.l4.ip_end)
      || 17'(measure.data.length) > 17'(sapulse_pkg::MAX_FRAME_BYTES);
  assign room = job_ready && !control_overflow && !(crowded && (over || then.decision.job.route == datapath_pkg::ROUTE_ECHO));
  assign gone = was || job.valid;
  always_ff @(posedge clk) begin
    if (then.fire) was <= gone && !then.beat.last;
    if (rst) was <= 1'b0;
  end

  // Frames have been measured when they end, and rightly; what control_fifo has room for when less than half full, fits.
  always_comb begin
    if (ends) assume (measure.valid && measure.data == {&then.index ? 16'hffff : length[15:0], then.beat.user});
    if (was) assume (!control.overflow);
  end

  // What ties the state of steer to this one. A frame that has been told of, and has not ended, was to be taken.
  logic goes_on;
  datapath_pkg::decision_t told;
  assign goes_on = past[1].fire || past[0].fire || middle;
  assign told = past[1].fire ? past[1].decision : past[0].fire ? past[0].decision : held;
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (u_dut.middle == middle);
      assert (!middle || u_dut.current == held);
      assert (!(middle && held.pass && held.take && !held.job.copy));
      assert (!(middle && held.data_seen && !held.pass));
      assert (u_dut.taken_before == was);
      assert (!was || (goes_on && told.take));
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      // Passed in order, unchanged, whole, and nothing else.
      assert ((core.valid && core.ready) == (fire && now.pass));
      assert (!core.valid || core.data == frame.data);
      assert (!(fire && !middle && !decision.ready));
      assert (!(decision.ready && (middle || !fire)));
      // Only the core side makes a frame wait, and only one that it gets.
      assert (!(frame.valid && (middle || decision.valid)) || frame.ready == (!now.pass || core.ready));
      // One end, and only at the end.
      assert (2'(line_end.valid) + 2'(ends && gone && !then.decision.job.copy) == 2'(ends));
      assert (!((leave.valid || customer.valid || fragment || copy_lost) && !ends));
      assert (done == ends && measure.ready == ends);
      // The control path is told once of a frame that it gets, of none that is broken, not before all of it is sure to fit.
      assert (job.valid == (then.fire && then.decision.take && !was && measure.valid && !broken && room
                            && (ends || !control_half)));
      assert (!(job.valid && job.data.job != then.decision.job));
      assert (!(job.valid && job.data.frame_length != measure.data.length));
      if (ends) begin
        assert ((line_end.valid && line_end.counter == sapulse_pkg::COUNTER_PASSED) == then.decision.pass
                || then.decision.drop == sapulse_pkg::COUNTER_PASSED);
        assert (leave.valid == (then.decision.data_seen || (then.decision.take && pings && !gone)));
        assert (customer.valid == (then.decision.data_seen && !then.beat.user));
      end
      assert (control.valid == (then.fire && then.decision.take));
      assert (!control.valid || (control.beat.data == then.beat.data && control.beat.keep == then.beat.keep
                                 && control.beat.last == then.beat.last));
      assert (!control.valid || control.keep == gone);
      cover (job.valid && job.data.job.copy && line_end.valid && then.decision.pass && 32'(length) > 2 * BEAT);
      cover (ends && then.decision.take && !gone && !broken);
      cover (job.valid && !ends && then.index == '0);
      cover (ends && broken && fire);
    end
  end

endmodule

`default_nettype wire
