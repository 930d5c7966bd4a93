// SPDX-License-Identifier: Apache-2.0
// Decides the fate of each opened packet: from the verdict of open, the type of its control message and the replay window.
//
// ping: jobs of the pings in open, in order; verdict: verdicts of open, in the same order. ended: the plaintext of one has left
// open, and its verdict is about to come; so the window is asked.
// window: of an SA that is administratively down, requests that want an answer go to the host. Whether the peer has moved goes on
// in the fates of requests and of replies to requests of the card.
// fate: one per packet, in order. hope: a packet may be to be answered; whether it is, is known sa_pkg::ACCEPT_LATENCY cycles
// later. want: SA of each packet to be answered, as early as it is known, without waiting; never more than DEPTH of them belong to
// fates that have not been taken.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module open_verdicts #(
    parameter int unsigned DEPTH = 16,
    parameter int unsigned OPENING = 32  // pings in open
) (
    input wire clk,
    input wire rst,

    stream_if.sink      ping,     // control_job_t
    stream_if.sink      verdict,  // open_verdict
    input wire          ended,
    sa_window_if.client window,
    output sa_pkg::hope_t hope,
    stream_if.source    want,  // sa_t
    stream_if.source    fate,   // fate_t

    output logic fifo_fault
);

  logic [1:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;
  localparam int unsigned ENDED_W = $clog2(OPENING) + 1;

  // What is known of a packet when it asks the window.
  typedef struct packed {
    logic                       request;
    logic                       reply;  // wants one
    logic                       match;  // replies to a request of the card
    datapath_pkg::control_job_t job;
  } question_t;

  // What open has found.
  typedef struct packed {
    logic       good;     // authentic and well-formed
    logic [5:0] refusal;  // a counter
  } finding_t;

  // Asking the window: as many packets as there is room for in the end.
  stream_if #(question_t) asking (), asked ();
  logic [COUNT_W-1:0] held;
  logic [ENDED_W-1:0] unasked;  // of those that have ended
  logic room;
  logic [7:0] message;
  /* verilator lint_off UNUSEDSIGNAL */  // what is not looked at here goes on in the job
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */

  assign record = ping.data.job.record;
  assign message = record.control.message;
  assign room = !held[COUNT_W-1];
  assign window.valid = ping.valid && unasked != '0 && room;
  assign window.sa = ping.data.job.sa;
  assign window.n = record.control.n;
  assign window.source = sa_pkg::place(record.l3.src, record.l4.encap, record.l4.sport);
  assign asking.valid = window.valid && window.ready;
  assign ping.ready = asking.valid;

  always_comb begin
    asking.data.request = message == sapulse_pkg::TYPE_ECHO_REQUEST;
    asking.data.reply = asking.data.request && !record.control.no_answer;
    asking.data.match = message == sapulse_pkg::TYPE_ECHO_REPLY && record.control.transaction[31];
    asking.data.job = ping.data;
  end

  // Its verdict, which comes before the next one asks.
  logic [7:0] subtype;  // that the body must have
  logic judged, hopes;  // hopes: for an answer
  sa_pkg::sa_t asked_sa;
  finding_t finding, found;

  assign window.verdict_valid = verdict.valid;
  assign window.ok = finding.good;
  assign verdict.ready = window.verdict_ready;
  assign judged = verdict.valid && verdict.ready;

  always_ff @(posedge clk) begin
    if (asking.valid) begin
      hopes <= asking.data.reply;
      asked_sa <= window.sa;
      case (message)
        sapulse_pkg::TYPE_ECHO_REQUEST: subtype <= sapulse_pkg::SUBTYPE_REQUEST;
        sapulse_pkg::TYPE_ECHO_REPLY: subtype <= sapulse_pkg::SUBTYPE_REPLY;
        default: subtype <= sapulse_pkg::SUBTYPE_ERROR;
      endcase
    end
  end

  assign hope = '{valid: judged && hopes, sa: asked_sa};

  always_comb begin
    case (verdict.data.status)
      sapulse_pkg::OPEN_ICV: finding.refusal = sapulse_pkg::COUNTER_DROP_ICV;
      sapulse_pkg::OPEN_PADDING: finding.refusal = sapulse_pkg::COUNTER_DROP_PADDING;
      default: finding.refusal = sapulse_pkg::COUNTER_DROP_BODY;
    endcase
    finding.good = verdict.data.status == sapulse_pkg::OPEN_OK && verdict.data.subtype == subtype;
  end

  delay_line #(
      .WIDTH($bits(finding_t)),
      .CYCLES(sa_pkg::ACCEPT_LATENCY)
  ) u_found (.clk, .in(finding), .out(found));

  always_ff @(posedge clk) begin
    if (asking.valid != (fate.valid && fate.ready)) held <= asking.valid ? held + 1'b1 : held - 1'b1;
    if (asking.valid != ended) unasked <= ended ? unasked + 1'b1 : unasked - 1'b1;
    if (rst) begin
      held <= '0;
      unasked <= '0;
    end
  end

  // Waiting for the answer of the window.
  assign asked.ready = window.accept_valid;
  sync_fifo #(
      .DEPTH(DEPTH),
      .HEAD_BITS($bits(question_t) - $bits(datapath_pkg::control_job_t))
  ) u_asked (.clk, .rst, .in(asking), .out(asked), .fault(fifo_faults[0]));

  // Fate.
  stream_if #(datapath_pkg::fate_t) decided ();
  logic fresh;

  assign fresh = found.good && window.accept;
  always_comb begin
    decided.valid = window.accept_valid;
    decided.data.reply = fresh && asked.data.reply && !window.down;
    decided.data.match = fresh && asked.data.match;
    decided.data.host = fresh && (asked.data.request ? asked.data.reply && window.down : !asked.data.match);
    decided.data.moved = fresh && window.moved && !decided.data.host;
    if (!found.good) decided.data.counter = found.refusal;
    else if (!window.accept) decided.data.counter = sapulse_pkg::COUNTER_DROP_REPLAY;
    else decided.data.counter = sapulse_pkg::COUNTER_KEEPALIVE;
    decided.data.message = asked.data.job.job.record.control.message;
    decided.data.job = asked.data.job;
  end
  assign want.valid = decided.valid && decided.data.reply;
  assign want.data = asked.data.job.job.sa;

  sync_fifo #(
      .DEPTH(DEPTH), .HEAD_BITS(datapath_pkg::FATE_HEAD_BITS)
  ) u_fates (.clk, .rst, .in(decided), .out(fate), .fault(fifo_faults[1]));

  `SAPULSE_ASSERT(clk, rst, !asking.valid || asking.ready, "open_verdicts: no room for a question")
  `SAPULSE_ASSERT(clk, rst, 32'(unasked) <= OPENING, "open_verdicts: more pings have ended than are in open")
  `SAPULSE_ASSERT(clk, rst, !decided.valid || (asked.valid && decided.ready), "open_verdicts: an answer without question or room")
  `SAPULSE_ASSERT(clk, rst, !(window.accept_valid && window.accept && !found.good),
                  "open_verdicts: the window accepted a bad packet")

endmodule

`default_nettype wire
