// SPDX-License-Identifier: Apache-2.0
// From line RX to core TX and into the control path: classify, policy, the buffer for the time they take, steer.
//
// line: frames from the MAC; core: passed frames.
// uptime to lookup, enter, limit: see policy. leave, customer, control to copy_lost: see steer. load: see control_path.
// received: a beat has been received (for the counters of the port). idle: no frame is in here.
// fifo_faults: see sync_fifo; of what is for the card (0), and of a customer's frame, which ends marked bad (1).
`default_nettype none
`include "sapulse_assert.svh"

module line_path (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,
    input wire [31:0] uptime,

    input  wire                   enable,
    input  datapath_pkg::config_t cfg,
    output logic [7:0]            action_spi,
    input  wire  [2:0]            action,

    stream_if.sink   line,  // axis_beat, as the next
    stream_if.source core,

    sa_lookup_if.client       lookup,
    output sa_pkg::passage_t  enter,
    output sa_pkg::passage_t  leave,
    output sa_pkg::customer_t customer,
    limit_if.client           limit,

    /* verilator lint_off UNUSEDSIGNAL */  // idle is for others
    input datapath_pkg::control_load_t load,
    /* verilator lint_on UNUSEDSIGNAL */
    frame_write_if.source control,
    stream_if.source      job,  // control_job_t

    output datapath_pkg::ending_t    line_end,
    output logic                     fragment,
    output logic                     copy_lost,
    output datapath_pkg::port_beat_t received,
    output logic                     idle,

    output logic [1:0] fifo_faults
);

  // A frame is in rx_buffer until its decision is there; as it may be one beat long, there are as many decisions as beats.
  localparam int unsigned DEPTH = 64;
  // classify (two more beats and its pipeline of 9) and policy (8): a cycle less, and headers of three beats would wait.
  // Needs 64-byte beats: with narrower ones classify waits for more of them, and the delay of the pass path varies.
  localparam int unsigned LATENCY = 19;
  localparam int unsigned COUNT_W = 8;

  // Input register, so that ready does not combine with what comes next; then buffer, classify and arrivals take a beat together.
  stream_if #(sapulse_pkg::axis_beat) beat (), arriving (), frame (), passed ();
  stream_if #(logic [63:0]) arrival (), arrived ();  // times of the frames in rx_buffer
  logic classify_ready, fire, middle;

  axis_register u_input (.clk, .rst, .in(line), .out(beat));

  assign beat.ready = arriving.ready && classify_ready && arrival.ready;
  assign fire = beat.valid && beat.ready;
  assign received = '{fire: fire, last: beat.data.last, keep: beat.data.keep};

  always_ff @(posedge clk) begin
    if (fire) middle <= !beat.data.last;
    if (rst) middle <= 1'b0;
  end

  logic [4:0] faults;
  stream_if #(sapulse_pkg::record_t) record ();

  classify u_classify (
      .ap_clk(clk), .ap_rst_n(!rst),
      .frame_tdata(beat.data), .frame_tvalid(beat.valid && arriving.ready && arrival.ready), .frame_tready(classify_ready),
      .record_tdata(record.data), .record_tvalid(record.valid), .record_tready(record.ready),
      .memory_fault(faults[4])
  );

  assign arriving.valid = beat.valid && classify_ready && arrival.ready;
  assign arriving.data = beat.data;
  datapath_pkg::sums_t sums;  // of the beat in frame
  logic buffer_fault;
  rx_buffer #(
      .DEPTH(DEPTH), .LATENCY(LATENCY)
  ) u_buffer (
      .clk, .rst,
      .in(arriving),
      .out(frame),
      .sums,
      .fault(buffer_fault)
  );

  // The beat that a fault of rx_buffer is about is in the cycle in which steer hands it to the control path.
  assign fifo_faults = {buffer_fault && !control.valid, |faults || (buffer_fault && control.valid)};

  stream_if #(datapath_pkg::decision_t) draft (), decision ();

  policy u_policy (
      .clk, .rst,
      .enable, .cfg, .action_spi, .action, .uptime,
      .record, .lookup, .enter, .limit,
      .decision(draft)
  );

  bypass_fifo #(
      .DEPTH(DEPTH), .HEAD_BITS(datapath_pkg::DECISION_HEAD_BITS)
  ) u_decisions (.clk, .rst, .in(draft), .out(decision), .fault(faults[0]));

  assign arrival.valid = fire && !middle;
  assign arrival.data = now;
  assign arrived.ready = decision.ready;
  sync_fifo #(.DEPTH(DEPTH)) u_arrivals (.clk, .rst, .in(arrival), .out(arrived), .fault(faults[1]));

  stream_if #(datapath_pkg::measure_t) measure ();
  // Of those in rx_buffer and in steer.
  frame_measure #(.DEPTH(2 * DEPTH)) u_measure (.clk, .rst, .valid(fire), .beat(beat.data), .measure, .fifo_fault(faults[2]));

  datapath_pkg::holder_t asked, holder;
  logic over, done;

  steer u_steer (
      .clk, .rst,
      .frame, .decision,
      .received(arrived.data),
      .measure,
      .crowded(load.crowded),
      .asked, .over, .holder,
      .core(passed),
      .control, .job,
      .done, .line_end, .fragment, .copy_lost, .leave, .customer
  );

  control_share u_share (
      .clk, .rst,
      .asked, .over,
      .taken(job.valid),
      .holder,
      .length(job.data.frame_length),
      .left(load.left),
      .fifo_fault(faults[3])
  );

  // A damaged frame ends marked bad.
  typedef struct packed {
    datapath_pkg::sums_t   sums;
    sapulse_pkg::axis_beat beat;
  } guarded_beat_t;
  stream_if #(guarded_beat_t) leaving (), left ();
  logic damaged;

  assign leaving.valid = passed.valid;
  assign leaving.data = '{sums: sums, beat: passed.data};
  assign passed.ready = leaving.ready;
  axis_register u_core (.clk, .rst, .in(leaving), .out(left));

  damage_mark #(.SUMS($bits(datapath_pkg::sums_t))) u_mark (
      .clk, .rst,
      .taken(left.valid && left.ready),
      .last(left.data.beat.last),
      .sums(left.data.sums),
      .damaged
  );
  assign core.valid = left.valid;
  assign left.ready = core.ready;
  always_comb begin
    core.data = left.data.beat;
    core.data.user = left.data.beat.user || damaged;
  end

  // Frames in here: from their first beat to the cycle in which steer is done with them.
  logic [COUNT_W-1:0] frames;
  logic begins;
  assign begins = fire && !middle;

  always_ff @(posedge clk) begin
    if (begins != done) frames <= begins ? frames + 1'b1 : frames - 1'b1;
    if (rst) frames <= '0;
  end
  assign idle = frames == '0;

  `SAPULSE_ASSERT(clk, rst, !decision.valid || arrived.valid, "line_path: a decision without an arrival time")
  `SAPULSE_ASSERT(clk, rst, !done || frames != '0, "line_path: more frames end than have begun")

endmodule

`default_nettype wire
