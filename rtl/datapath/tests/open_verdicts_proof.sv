// SPDX-License-Identifier: Apache-2.0
// A packet gets a fate other than its end only if open has found it authentic and well-formed, its body is of the kind that its
// header tells, and the replay window has accepted it; fates come in the order of the packets, one for each. For one packet, chosen
// freely.
`default_nettype none

module open_verdicts_proof #(
    parameter int unsigned DEPTH = 4
) (
    input wire clk,
    input wire restart,
    input wire choose,
    input wire ping_valid,
    input wire datapath_pkg::control_job_t ping_data,
    input wire verdict_valid,
    input wire sapulse_pkg::open_verdict verdict_data,
    input wire ended,
    input wire window_ready,
    input wire accepts,
    input wire is_down,
    input wire has_moved,
    input wire fate_ready
);

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(datapath_pkg::control_job_t) ping ();
  stream_if #(sapulse_pkg::open_verdict) verdict ();
  sa_pkg::hope_t hope;
  stream_if #(sa_pkg::sa_t) want ();
  stream_if #(datapath_pkg::fate_t) fate ();
  sa_window_if window ();
  open_verdicts #(.DEPTH(DEPTH)) u_dut (.clk, .rst, .ping, .verdict, .ended, .window, .hope, .want, .fate, .fifo_fault());

  assign ping.valid = ping_valid, ping.data = ping_data;
  assign verdict.valid = verdict_valid, verdict.data = verdict_data;
  assign fate.ready = fate_ready;

  // The window takes a verdict two cycles after its question at the earliest, no question while one waits for its verdict, answers
  // ACCEPT_LATENCY cycles after each verdict, and never accepts what is not good.
  logic asks, asked, waits, judged;
  logic [sa_pkg::ACCEPT_LATENCY:1] answers, good;
  assign window.ready = window_ready && !asked && !(waits && !window.verdict_valid);
  assign window.verdict_ready = waits;
  assign asks = window.valid && window.ready;
  assign judged = waits && window.verdict_valid;
  always_ff @(posedge clk) begin
    asked <= asks && !rst;
    waits <= (asked || (waits && !judged)) && !rst;
    answers <= rst ? '0 : {answers[sa_pkg::ACCEPT_LATENCY-1:1], judged};
    good <= {good[sa_pkg::ACCEPT_LATENCY-1:1], window.ok};
  end
  assign window.accept_valid = answers[sa_pkg::ACCEPT_LATENCY];
  assign window.accept = accepts && good[sa_pkg::ACCEPT_LATENCY];
  assign window.down = is_down, window.moved = has_moved;

  // The chosen packet: what has been found out about it, and how many packets are ahead of it, at the window and at the end.
  logic entering, leaving, chosen, found, answered, authentic, accepted, body_fits, epoch;
  logic [7:0] message;
  logic [3:0] present, ahead, waiting, to_answer;  // packets inside; ahead of the chosen one; the same for the window's answers
  logic fits;
  assign entering = ping.valid && ping.ready;
  assign leaving = fate.valid && fate.ready;
  always_comb begin
    case (message)
      sapulse_pkg::TYPE_ECHO_REQUEST: fits = verdict.data.subtype == sapulse_pkg::SUBTYPE_REQUEST;
      sapulse_pkg::TYPE_ECHO_REPLY: fits = verdict.data.subtype == sapulse_pkg::SUBTYPE_REPLY;
      default: fits = verdict.data.subtype == sapulse_pkg::SUBTYPE_ERROR;
    endcase
  end
  always_ff @(posedge clk) begin
    present <= present + 4'(entering) - 4'(leaving);
    waiting <= waiting + 4'(entering) - 4'(window.accept_valid);
    if (entering && choose && !chosen) begin
      chosen <= 1'b1;
      found <= 1'b0;
      answered <= 1'b0;
      accepted <= 1'b0;
      message <= ping.data.job.record.control.message;
      epoch <= ping.data.job.epoch;
      ahead <= present - 4'(leaving);
      to_answer <= waiting - 4'(window.accept_valid);
    end else if (chosen) begin
      // No other verdict comes between its question and its own.
      if (judged && !found) begin
        found <= 1'b1;
        authentic <= verdict.data.status == sapulse_pkg::OPEN_OK;
        body_fits <= fits;
      end
      if (window.accept_valid && !answered) begin
        to_answer <= to_answer - 1'b1;
        if (to_answer == '0) begin
          answered <= 1'b1;
          accepted <= window.accept;
        end
      end
      if (leaving) ahead <= ahead - 1'b1;
      if (leaving && ahead == '0) chosen <= 1'b0;
    end
    if (rst) begin
      chosen <= 1'b0;
      present <= '0;
      waiting <= '0;
    end
  end

  logic its_fate, lives;
  assign its_fate = fate.valid && chosen && ahead == '0;
  assign lives = fate.data.reply || fate.data.match || fate.data.host || fate.data.moved;
  always_ff @(posedge clk) begin
    if (!rst) begin
      assume (32'(u_dut.unasked) < u_dut.OPENING);
      assert (entering == asks);
      assert ((verdict.valid && verdict.ready) == judged);
      assert (32'(present) <= DEPTH);
      assert (!(fate.valid && present == '0));
      assert (!(its_fate && !(found && answered)));
      assert (!(its_fate && lives && !(authentic && body_fits && accepted)));
      assert (!(its_fate && fate.data.reply && message != sapulse_pkg::TYPE_ECHO_REQUEST));
      assert (!(its_fate && fate.data.match && message != sapulse_pkg::TYPE_ECHO_REPLY));
      assert (!(its_fate && (fate.data.job.job.epoch != epoch || fate.data.message != message
                            || fate.data.job.job.record.control.message != message)));
      assert (!(window.accept_valid && !u_dut.asked.valid));
      // The proof's invariants.
      assert (32'(waiting) == 32'(asked) + 32'(waits) + 32'(answers[1]) + 32'(answers[2]) && !(asked && waits));
      assert (!(chosen && !found && !answered && !(asked || waits)));
      assert (!(chosen && !found && 32'(to_answer) != 32'(answers[1]) + 32'(answers[2])));
      assert (!(chosen && found && !answered && !answers[to_answer == '0 && answers[2] ? 2 : 1]));
      assert (!(chosen && answered && !found));
      assert (32'(waiting) == 32'(u_dut.u_asked.held) && 32'(present) == 32'(u_dut.held));
      assert (32'(present) == 32'(waiting) + 32'(u_dut.u_fates.held));
      assert (!(chosen && (ahead >= present || (!answered && (to_answer >= waiting || present - ahead != waiting - to_answer)))));
      assert (!(chosen && answered && ahead >= present - waiting));
      assert (!(want.valid && !(u_dut.decided.valid && u_dut.decided.data.reply)));
      cover (its_fate && fate.data.reply);
      cover (its_fate && fate.data.match);
      cover (its_fate && !authentic && 32'(present) == DEPTH);
    end
  end

endmodule

`default_nettype wire
