// SPDX-License-Identifier: Apache-2.0
// From line RX to core TX and into the control path: classify, policy, the buffer for the time they take, steer.
//
// line_*: beats {user, last, keep, data} from the MAC; core_*: beats of passed frames. Both valid/ready.
// Configuration, lookups and limits: see policy. control_*, job_*, leave_*, data_*, result and its companions: see steer.
// received_*: a beat has been received (for the counters of the port). idle: no frame is in here.
`default_nettype none
`include "sapulse_assert.svh"

module line_path (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    input  wire          line_valid,
    output logic         line_ready,
    input  wire  [577:0] line_beat,
    output logic         core_valid,
    input  wire          core_ready,
    output logic [577:0] core_beat,

    input  wire                                         enable,
    input  wire                                         cfg_authoritative,
    input  wire  [                                 1:0] cfg_copies,
    input  wire  [    sapulse_pkg::LOCAL_ADDRESSES-1:0] cfg_local_valid,
    input  wire  [128*sapulse_pkg::LOCAL_ADDRESSES-1:0] cfg_local_address,
    output logic [                                 7:0] action_spi,
    input  wire  [                                 2:0] action,

    output logic                             lookup_valid,
    output logic [                     31:0] lookup_spi,
    input  wire                              result_valid,
    input  wire                              result_found,
    input  wire  [datapath_pkg::SA_BITS-1:0] result_sa,
    input  wire                              result_epoch,
    output logic                             enter_valid,
    output logic                             enter_epoch,
    output logic                             leave_valid,
    output logic                             leave_epoch,
    output logic                             data_valid,
    output logic [datapath_pkg::SA_BITS-1:0] data_sa,
    output logic [                     31:0] data_sequence,

    output logic       limit_valid,
    output logic [3:0] limit_cause,
    input  wire        limit_pass,

    output logic                               control_valid,
    output logic [datapath_pkg::BEAT_BITS-1:0] control_beat,
    output logic                               control_last,
    output logic                               control_drop,
    input  wire                                control_overflow,
    output logic                               job_valid,
    input  wire                                job_ready,
    output datapath_pkg::control_job_t         job,

    output logic       result_counted,
    output logic [5:0] result,
    output logic       fragment,
    output logic       copy_lost,

    output logic        received_fire,
    output logic [63:0] received_keep,
    output logic        received_last,
    output logic        idle
);

  // A frame is in rx_buffer until its decision is there; as it may be one beat long, there are as many decisions as beats.
  localparam int unsigned DEPTH = 64;
  // classify (two more beats and its pipeline), policy, and the FIFO behind it.
  localparam int unsigned LATENCY = 24;
  localparam int unsigned COUNT_W = 8;

  // Input register, so that ready does not combine with what comes next; then both readers take a beat together.
  logic beat_valid, buffer_ready, classify_ready, time_ready, fire, middle;
  sapulse_pkg::axis_beat classify_beat;
  logic [577:0] beat;

  axis_register #(
      .WIDTH(578)
  ) u_input (
      .clk,
      .rst,
      .in_valid(line_valid),
      .in_ready(line_ready),
      .in_data(line_beat),
      .out_valid(beat_valid),
      .out_ready(buffer_ready && classify_ready && time_ready),
      .out_data(beat)
  );

  assign fire = beat_valid && buffer_ready && classify_ready && time_ready;
  assign received_fire = fire;
  assign received_keep = beat[575:512];
  assign received_last = beat[576];
  assign classify_beat = beat;

  always_ff @(posedge clk) begin
    if (fire) middle <= !beat[576];
    if (rst) middle <= 1'b0;
  end

  logic record_valid;
  sapulse_pkg::record_t record;

  classify u_classify (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .frame_tdata(classify_beat),
      .frame_tvalid(beat_valid && buffer_ready && time_ready),
      .frame_tready(classify_ready),
      .record_tdata(record),
      .record_tvalid(record_valid),
      .record_tready(1'b1)
  );

  logic stored_valid, stored_ready;
  logic [577:0] stored_beat;

  rx_buffer #(
      .WIDTH(578),
      .DEPTH(DEPTH),
      .LATENCY(LATENCY)
  ) u_buffer (
      .clk,
      .rst,
      .in_valid(beat_valid && classify_ready && time_ready),
      .in_ready(buffer_ready),
      .in_data(beat),
      .out_valid(stored_valid),
      .out_ready(stored_ready),
      .out_data(stored_beat)
  );

  logic draft_valid, decision_room, decision_valid, decision_ready;
  datapath_pkg::decision_t draft, decision;

  policy u_policy (
      .clk,
      .rst,
      .enable,
      .cfg_authoritative,
      .cfg_copies,
      .cfg_local_valid,
      .cfg_local_address,
      .action_spi,
      .action,
      .record_valid,
      .record,
      .lookup_valid,
      .lookup_spi,
      .result_valid,
      .result_found,
      .result_sa,
      .result_epoch,
      .enter_valid,
      .enter_epoch,
      .limit_valid,
      .limit_cause,
      .limit_pass,
      .decision_valid(draft_valid),
      .decision(draft)
  );

  sync_fifo #(
      .WIDTH($bits(draft)),
      .DEPTH(DEPTH)
  ) u_decisions (
      .clk,
      .rst,
      .in_valid(draft_valid),
      .in_ready(decision_room),
      .in_data(draft),
      .out_valid(decision_valid),
      .out_ready(decision_ready),
      .out_data(decision)
  );

  // Arrival times: of the frames in rx_buffer, as above.
  logic received_valid;
  logic [63:0] received;
  sync_fifo #(
      .WIDTH(64),
      .DEPTH(DEPTH)
  ) u_times (
      .clk,
      .rst,
      .in_valid(fire && !middle),
      .in_ready(time_ready),
      .in_data(now),
      .out_valid(received_valid),
      .out_ready(decision_ready),
      .out_data(received)
  );

  logic passed_valid, passed_ready;
  logic [577:0] passed_beat;

  steer u_steer (
      .clk,
      .rst,
      .beat_valid(stored_valid),
      .beat_ready(stored_ready),
      .beat(stored_beat),
      .decision_valid,
      .decision_ready,
      .decision,
      .received,
      .core_valid(passed_valid),
      .core_ready(passed_ready),
      .core_beat(passed_beat),
      .control_valid,
      .control_beat,
      .control_last,
      .control_drop,
      .control_overflow,
      .job_valid,
      .job_ready,
      .job,
      .result_valid(result_counted),
      .result,
      .fragment,
      .copy_lost,
      .leave_valid,
      .leave_epoch,
      .data_valid,
      .data_sa,
      .data_sequence
  );

  axis_register #(
      .WIDTH(578)
  ) u_core (
      .clk,
      .rst,
      .in_valid(passed_valid),
      .in_ready(passed_ready),
      .in_data(passed_beat),
      .out_valid(core_valid),
      .out_ready(core_ready),
      .out_data(core_beat)
  );

  // Frames in here: from their first beat to the cycle in which steer is done with them.
  logic [COUNT_W-1:0] frames;
  logic begins, ends;
  assign begins = fire && !middle;
  assign ends = result_counted || job_valid;

  always_ff @(posedge clk) begin
    if (begins != ends) frames <= begins ? frames + 1'b1 : frames - 1'b1;
    if (rst) frames <= '0;
  end
  assign idle = frames == '0;

  `SAPULSE_ASSERT(clk, rst, !draft_valid || decision_room, "line_path: more decisions than frames")
  `SAPULSE_ASSERT(clk, rst, !decision_valid || received_valid, "line_path: a decision without an arrival time")
  `SAPULSE_ASSERT(clk, rst, !ends || frames != '0, "line_path: more frames end than have begun")

endmodule

`default_nettype wire
