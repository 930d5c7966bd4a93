// SPDX-License-Identifier: Apache-2.0
// Hands each frame of the control path to align (pings, clear echoes) or to exception_builder, and starts what goes with it.
//
// Jobs run ahead of beats by up to ROUTES frames: a job moves when everything that it starts has room, and leaves its route behind
// for the beats. A job and the first beat of its frame may be taken in any order.
//
// job, frame: jobs, and the beats of their frames in the same order.
// raw_job, raw: job and beats of frames for the host. align_job, align: cut and frame of the others.
// Beats in front of that in which a cut begins are taken here, so that align can write the end of the cut before meanwhile.
// nested: the inbound key is wanted for a nested packet. ping: job of a ping on its way to open. echo: job of a clear echo.
// cut: for each cut that align will make, in order: 1 clear echo, 0 ping.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module dispatch #(
    parameter int unsigned ROUTES = 4
) (
    input wire clk,
    input wire rst,

    stream_if.sink job,    // control_job_t
    stream_if.sink frame,  // axis_beat

    stream_if.source raw_job,    // control_job_t
    stream_if.source raw,        // payload_beat
    stream_if.source align_job,  // align_job
    stream_if.source align,      // axis_beat

    stream_if.source nested,  // nested_t
    stream_if.source ping,    // control_job_t
    stream_if.source echo,    // control_job_t
    stream_if.source cut,      // logic

    output logic fifo_fault
);

  // Number of a beat among the first 256 bytes of a frame.
  localparam int unsigned BEAT_BITS = $clog2(sapulse_pkg::BEAT_BYTES);
  localparam int unsigned SKIP_W = 8 - BEAT_BITS;

  // Where the beats of a frame go, but for those that align need not see.
  typedef struct packed {
    logic              raw;   // 0: align
    logic [SKIP_W-1:0] skip;
  } way_t;
  stream_if #(way_t) route (), way ();
  logic [7:0] offset;  // of the cut
  logic [SKIP_W-1:0] taken;  // beats of the frame before this one, at most all ones
  logic skipping;
  logic is_exception, is_ping, is_echo, align_room, job_fire;

  assign is_exception = job.data.job.route == datapath_pkg::ROUTE_EXCEPTION;
  assign is_ping = job.data.job.route == datapath_pkg::ROUTE_PING;
  assign is_echo = job.data.job.route == datapath_pkg::ROUTE_ECHO;

  // One job starts several things at once: each is told only when all the others can take theirs.
  assign align_room = align_job.ready && cut.ready;
  always_comb begin
    job.ready = route.ready;
    if (is_exception) job.ready = route.ready && raw_job.ready;
    if (is_ping) job.ready = route.ready && align_room && nested.ready && ping.ready;
    if (is_echo) job.ready = route.ready && align_room && echo.ready;
  end
  assign job_fire = job.valid && job.ready;
  assign raw_job.valid = job_fire && is_exception;
  assign align_job.valid = job_fire && !is_exception;
  assign cut.valid = job_fire && !is_exception;
  assign nested.valid = job_fire && is_ping;
  assign ping.valid = job_fire && is_ping;
  assign echo.valid = job_fire && is_echo;

  assign raw_job.data = job.data;
  assign ping.data = job.data;
  assign echo.data = job.data;
  assign cut.data = is_echo;
  assign nested.data.sa = job.data.job.sa;
  assign nested.data.length = job.data.job.record.control.length[13:0] - 14'(sapulse_pkg::CONTROL_BYTES);

  // The nested packet follows the control header; of a clear echo its header and its data are answered.
  assign offset = job.data.job.record.l4.payload + (is_ping ? 8'(sapulse_pkg::CONTROL_BYTES) : 8'd0);
  assign align_job.data.offset = 8'(offset[BEAT_BITS-1:0]);
  assign align_job.data.length = is_ping ? nested.data.length : job.data.job.record.echo_length;

  // ROUTES frames hide the latency from here to the beats.
  assign route.valid = job_fire;
  assign route.data = '{raw: is_exception, skip: offset[7:BEAT_BITS]};
  assign way.ready = frame.valid && frame.ready && frame.data.last;
  sync_fifo #(.DEPTH(ROUTES)) u_routes (.clk, .rst, .in(route), .out(way), .fault(fifo_fault));

  assign skipping = !way.data.raw && taken < way.data.skip;
  assign raw.valid = frame.valid && way.valid && way.data.raw;
  assign raw.data = '{last: frame.data.last, data: frame.data.data};
  assign align.valid = frame.valid && way.valid && !way.data.raw && !skipping;
  assign align.data = frame.data;
  assign frame.ready = way.valid && (way.data.raw ? raw.ready : skipping || align.ready);

  always_ff @(posedge clk) begin
    if (frame.valid && frame.ready) begin
      if (!(&taken)) taken <= taken + 1'b1;
      if (frame.data.last) taken <= '0;
    end
    if (rst) taken <= '0;
  end

  `SAPULSE_ASSERT(clk, rst, !(frame.valid && frame.ready && skipping && frame.data.last), "dispatch: a cut begins behind its frame")

  `SAPULSE_ASSERT(clk, rst, !(job.valid && !is_exception && !is_ping && !is_echo), "dispatch: unknown route")
  `SAPULSE_ASSERT(clk, rst, !(job_fire && is_ping) || job.data.job.record.control.length[15:14] == 2'd0,
                  "dispatch: nested packet too long")

endmodule

`default_nettype wire
