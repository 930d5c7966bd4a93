// SPDX-License-Identifier: Apache-2.0
// Line TX: customer frames, answers and messages of the card's own, frames from the host; whole frames, one beat a cycle.
// Answers and frames from the host arrive without gaps and leave without gaps. Customer frames leave with the gaps they came with.
//
// Customer frames go first, but neither side starves the other: a reply or a frame from the host goes ahead once it has waited
// for `share` bytes of customer frames, the last of these whole; then a waiting customer frame is next. Replies and frames from
// the host take turns, so that one that is due waits for one more customer frame at most.
//
// stop: from now on customers alone are served. A frame of another source that has begun ends with its next beat, marked bad.
// core_sums: of the beat of core (customer_fifo): a damaged frame ends marked bad.
// share: bytes. core, reply, host: frames. line: the same, from registers. answer: what each answer leaves for its end, in order.
// sent: a frame has left, whole, that is not a customer's; leave: an answer that had entered has left.
`default_nettype none
`include "sapulse_assert.svh"

module tx_arbiter (
    input wire clk,
    input wire rst,

    input wire [23:0] share,
    input wire        stop,

    stream_if.sink   core,   // counted_beat_t
    stream_if.sink   reply,  // axis_beat, as the next two
    stream_if.sink   host,
    stream_if.source line,

    input wire datapath_pkg::sums_t core_sums,

    stream_if.sink                answer,  // answer_t
    output datapath_pkg::ending_t sent,
    output sa_pkg::passage_t      leave
);

  typedef enum logic [1:0] {FROM_CORE, FROM_REPLY, FROM_HOST} source_t;
  typedef struct packed {
    source_t               source;
    datapath_pkg::sums_t   sums;
    sapulse_pkg::axis_beat beat;
  } tagged_beat_t;

  logic middle, core_turn, host_turn, reply_due, host_due, reply_may, host_may, core_first, reply_first, starts;
  logic goes_on;  // a frame that is not a customer's, with the next beat
  logic cut;      // that beat is its last one, whatever it is
  source_t held, source;
  stream_if #(tagged_beat_t) chosen (), leaving ();

  always_comb begin
    // Each of these is a function of six registers.
    reply_may = reply.valid && (reply_due || !core.valid);
    host_may = host.valid && (host_due || !core.valid);
    core_first = core.valid && (core_turn || !(reply_may || host_may));
    reply_first = reply_may && !(host_turn && host_may);
    if (middle) source = held;
    else source = core_first ? FROM_CORE : reply_first ? FROM_REPLY : FROM_HOST;
    chosen.data.source = source;
    chosen.data.sums = source == FROM_CORE ? core_sums : '0;
    case (source)
      FROM_CORE: begin
        chosen.valid = core.valid;
        chosen.data.beat = core.data.beat;
      end
      FROM_REPLY: begin
        chosen.valid = reply.valid || cut;
        chosen.data.beat = reply.data;
      end
      default: begin
        chosen.valid = host.valid || cut;
        chosen.data.beat = host.data;
      end
    endcase
    if (cut) chosen.data.beat.last = 1'b1;
    if (cut) chosen.data.beat.user = 1'b1;
    goes_on = chosen.valid && chosen.ready ? !chosen.data.beat.last && source != FROM_CORE : middle && held != FROM_CORE;
  end
  assign starts = chosen.valid && chosen.ready && !middle;
  assign core.ready = chosen.ready && source == FROM_CORE;
  assign reply.ready = chosen.ready && source == FROM_REPLY;
  assign host.ready = chosen.ready && source == FROM_HOST;

  always_ff @(posedge clk) begin
    if (chosen.valid && chosen.ready) begin
      middle <= !chosen.data.beat.last;
      held <= source;
    end
    cut <= stop && goes_on;
    // As in the middle of a customer's frame for ever.
    if (stop && !goes_on) begin
      middle <= 1'b1;
      held <= FROM_CORE;
    end
    if (starts) core_turn <= source != FROM_CORE;
    if (starts && source != FROM_CORE) host_turn <= source == FROM_REPLY;
    if (rst) begin
      cut <= 1'b0;
      middle <= 1'b0;
      core_turn <= 1'b0;
      host_turn <= 1'b0;
    end
  end

  logic passes;  // a beat of customers, while a frame waits
  assign passes = chosen.valid && core.ready;

  tx_share u_reply_share (
      .clk, .rst, .share, .passes,
      .bytes(core.data.bytes),
      .waits(reply.valid && !reply.ready),
      .due(reply_due)
  );
  tx_share u_host_share (
      .clk, .rst, .share, .passes,
      .bytes(core.data.bytes),
      .waits(host.valid && !host.ready),
      .due(host_due)
  );

  axis_register u_line (.clk, .rst, .in(chosen), .out(leaving));

  logic damaged;
  damage_mark #(.SUMS($bits(datapath_pkg::sums_t))) u_mark (
      .clk, .rst,
      .taken(line.valid && line.ready),
      .last(leaving.data.beat.last),
      .sums(leaving.data.sums),
      .damaged
  );
  assign line.valid = leaving.valid;
  always_comb begin
    line.data = leaving.data.beat;
    line.data.user = leaving.data.beat.user || damaged;
  end
  assign leaving.ready = line.ready;

  // A frame has left when its last beat has been taken.
  logic left, from_reply;
  assign left = line.valid && line.ready && line.data.last;
  assign from_reply = leaving.data.source == FROM_REPLY;
  assign answer.ready = left && from_reply;
  assign sent.valid = left && leaving.data.source != FROM_CORE && !line.data.user;
  assign sent.counter = leaving.data.source == FROM_HOST ? sapulse_pkg::COUNTER_FRAMES_FROM_HOST : answer.data.counter;
  assign leave = '{valid: answer.ready && answer.data.entered, epoch: answer.data.epoch};

  `SAPULSE_ASSERT(clk, rst, !answer.ready || answer.valid, "tx_arbiter: an answer that nobody has announced")

endmodule

`default_nettype wire
