// SPDX-License-Identifier: Apache-2.0
// Asks the ping table, or the prober, whether replies to requests of the card are wanted. Several are under way at a time; they end
// in the order in which they came.
//
// seed, match_job, match: see reply_parse.
// ping_reply, ping_verdict: see ping_table. probe_reply, probe_verdict: see prober. Verdicts come in the order of the questions.
// moved_job: of a reply that was wanted and whose match_job was to be told (open_gate).
// match_end, leave: a frame ends here.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module reply_match (
    input wire clk,
    input wire rst,

    input wire [29:0] seed,

    stream_if.sink match_job,  // control_job_t
    stream_if.sink match,      // payload_beat

    stream_if.source                         ping_reply,   // reply_t
    input wire requester_pkg::ping_verdict_t ping_verdict,
    stream_if.source                         probe_reply,  // probe_reply_t
    input wire prober_pkg::probe_verdict_t   probe_verdict,

    stream_if.source moved_job,  // control_job_t

    output datapath_pkg::ending_t match_end,
    output sa_pkg::passage_t      leave,

    output logic fifo_fault
);

  logic [4:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  // Under way at a time: the prober takes a reply every 4 cycles, and has its verdict about 13 cycles later.
  localparam int unsigned QUESTIONS = 8;
  // Replies that are taken apart, or wait to be.
  localparam int unsigned REPLIES = 4;

  // Whom a reply concerns.
  typedef enum logic [1:0] {NOBODY, PINGS, PROBES} judge_t;

  typedef struct packed {
    judge_t judge;
    logic   epoch;
    logic   moved;
  } question_t;

  stream_if #(requester_pkg::reply_t) reply ();

  reply_parse #(.REPLIES(REPLIES)) u_parse (.clk, .rst, .seed, .match_job, .match, .reply, .fifo_fault(fifo_faults[0]));

  // Jobs to tell of, if their replies turn out to be wanted.
  stream_if #(datapath_pkg::control_job_t) telling (), told ();
  assign telling.valid = match_job.valid && match_job.ready && match_job.data.job.copy;
  assign telling.data = match_job.data;
  sync_fifo #(.DEPTH(2 * QUESTIONS)) u_told (.clk, .rst, .in(telling), .out(told), .fault(fifo_faults[1]));

  // Questions.
  stream_if #(question_t) asking (), asked ();
  judge_t judge;
  logic judge_ready;

  always_comb begin
    judge = NOBODY;
    judge_ready = 1'b1;
    if (reply.data.consistent) begin
      judge = reply.data.transaction[30] ? PROBES : PINGS;
      judge_ready = reply.data.transaction[30] ? probe_reply.ready : ping_reply.ready;
    end
  end

  assign ping_reply.valid = reply.valid && asking.ready && judge == PINGS;
  assign ping_reply.data = reply.data;
  assign probe_reply.valid = reply.valid && asking.ready && judge == PROBES;
  assign probe_reply.data = '{
      sa: reply.data.sa,
      number: reply.data.transaction[29:0],
      t_origin: reply.data.t_origin,
      t_arrival: reply.data.t_arrival
  };
  assign asking.valid = reply.valid && judge_ready;
  assign asking.data = '{judge: judge, epoch: reply.data.epoch, moved: reply.data.moved};
  assign reply.ready = asking.ready && judge_ready;

  sync_fifo #(.DEPTH(QUESTIONS)) u_asked (.clk, .rst, .in(asking), .out(asked), .fault(fifo_faults[2]));

  // Verdicts, as what counts the reply, wait for those of replies that came before.
  stream_if #(logic [5:0]) ping_counter (), ping_waiting (), probe_counter (), probe_waiting ();

  assign ping_counter.valid = ping_verdict.valid;
  assign probe_counter.valid = probe_verdict.valid;
  always_comb begin
    case (ping_verdict.result)
      requester_pkg::RESULT_MATCHED: ping_counter.data = sapulse_pkg::COUNTER_REPLIES;
      requester_pkg::RESULT_LATE: ping_counter.data = sapulse_pkg::COUNTER_DROP_LATE;
      requester_pkg::RESULT_FULL: ping_counter.data = sapulse_pkg::COUNTER_DROP_RING_FULL;
      default: ping_counter.data = sapulse_pkg::COUNTER_DROP_UNASKED;
    endcase
    case (probe_verdict.verdict)
      prober_pkg::VERDICT_MATCHED: probe_counter.data = sapulse_pkg::COUNTER_REPLIES;
      prober_pkg::VERDICT_LATE: probe_counter.data = sapulse_pkg::COUNTER_DROP_LATE;
      default: probe_counter.data = sapulse_pkg::COUNTER_DROP_UNASKED;
    endcase
  end

  sync_fifo #(.DEPTH(QUESTIONS)) u_ping_counters (.clk, .rst, .in(ping_counter), .out(ping_waiting), .fault(fifo_faults[3]));
  sync_fifo #(.DEPTH(QUESTIONS)) u_probe_counters (.clk, .rst, .in(probe_counter), .out(probe_waiting), .fault(fifo_faults[4]));

  // Ends.
  logic [5:0] counter;
  logic judged, wanted;

  always_comb begin
    case (asked.data.judge)
      PINGS: begin
        judged = ping_waiting.valid;
        counter = ping_waiting.data;
      end
      PROBES: begin
        judged = probe_waiting.valid;
        counter = probe_waiting.data;
      end
      default: begin
        judged = 1'b1;
        counter = sapulse_pkg::COUNTER_DROP_UNASKED;
      end
    endcase
  end

  assign wanted = counter == sapulse_pkg::COUNTER_REPLIES;
  assign moved_job.valid = asked.valid && judged && wanted && asked.data.moved;
  assign moved_job.data = told.data;
  assign asked.ready = judged && (moved_job.ready || !moved_job.valid);
  assign match_end = '{valid: asked.valid && asked.ready, counter: counter};
  assign told.ready = match_end.valid && asked.data.moved;
  assign ping_waiting.ready = match_end.valid && asked.data.judge == PINGS;
  assign probe_waiting.ready = match_end.valid && asked.data.judge == PROBES;
  assign leave = '{valid: match_end.valid, epoch: asked.data.epoch};

  `SAPULSE_ASSERT(clk, rst, !(ping_counter.valid && !ping_counter.ready) && !(probe_counter.valid && !probe_counter.ready),
                  "reply_match: more verdicts than questions")
  `SAPULSE_ASSERT(clk, rst, !(telling.valid && !telling.ready) && !(told.ready && !told.valid),
                  "reply_match: a job to tell of is lost")

endmodule

`default_nettype wire
