// SPDX-License-Identifier: Apache-2.0
// replay_window accepts no number twice: for an SA chosen freely, a number chosen freely is accepted at most once between two
// commands that clear the window, and never if it is not above the top that the window was given; a refused packet changes neither
// top nor ring; the top never falls. All of it with sa_ram_flips: although bits flip in the memory; then the SA accepts nothing any
// more.
`default_nettype none

module replay_window_proof #(
    parameter int unsigned SA_CAPACITY = 2
) (
    input wire clk,
    input wire restart,
    input wire sa_pkg::sa_t chosen_sa,
    input wire [63:0] chosen_n,
    input wire question_valid,
    input wire sa_pkg::question_t question_data,
    input wire verdict_valid,
    input wire verdict_ok,
    input wire command_valid,
    input wire sa_pkg::window_command_t command_data,
    input wire [289:0] flip
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  logic rst, first;
  proof_reset u_reset (.clk, .restart, .rst, .first);

  logic swept;
  sa_pkg::sweep_t sweep;
  proof_sweep #(.SA_CAPACITY(SA_CAPACITY)) u_sweep (.clk, .rst, .sweep, .swept);

  logic [SA_W-1:0] sa;  // the chosen ones
  logic [63:0] n;
  always_ff @(posedge clk) begin
    if (first) begin
      sa <= chosen_sa[SA_W-1:0];
      n <= chosen_n;
    end
  end

  stream_if #(sa_pkg::question_t) question ();
  stream_if #(logic) verdict ();
  stream_if #(sa_pkg::window_command_t) window_command ();
  logic waits, accept_valid, accept, window_read_valid;
  sa_pkg::window_read_t window_read;
  sa_pkg::fault_t fault;
  assign question.valid = question_valid && swept && !rst, question.data = question_data;
  assign verdict.valid = verdict_valid, verdict.data = verdict_ok;
  assign window_command.valid = command_valid && swept && !rst, window_command.data = command_data;

  replay_window #(.SA_CAPACITY(SA_CAPACITY)) u_dut (
      .clk, .rst, .sweep, .question, .verdict, .waits, .accept_valid, .accept, .window_command, .window_read_valid, .window_read,
      .fault
  );
  assign u_dut.u_windows.flip = flip;

  // The operations in the pipeline, as they were handed over; the outputs belong to stage 4.
  typedef struct packed {
    logic verdict, clear, mine, ok;
    logic [63:0] n;  // of a command: the top that it gives
  } stage_t;
  stage_t [4:1] stages;  // ok: from stage 3 on
  always_ff @(posedge clk) begin
    stages[4] <= stages[3];
    stages[3] <= waits ? '0 : stages[2];
    stages[3].ok <= verdict.data;
    if (!waits) stages[2] <= stages[1];
    stages[1] <= '{
      verdict: question.valid && question.ready,
      clear: window_command.valid && window_command.ready && window_command.data.clear,
      mine: (window_command.valid ? window_command.data.sa[SA_W-1:0] : question.data.sa[SA_W-1:0]) == sa,
      ok: 1'b0,
      n: window_command.valid ? window_command.data.top : question.data.n
    };
    if (rst) stages <= '0;
  end

  logic mine, accepted, used;  // used: n has been accepted, or was not above the top that the window was given
  assign mine = stages[4].verdict && stages[4].mine && stages[4].n == n;
  assign accepted = mine && accept_valid && accept;
  always_ff @(posedge clk) begin
    if (accepted) used <= 1'b1;
    if (stages[4].clear && stages[4].mine) used <= n <= stages[4].n;
    if (rst) used <= 1'b0;
  end

  // The window that the next operation on the chosen SA finds, wherever it is: the proof's invariant. `earlier`: a cycle before.
  typedef struct packed {
    logic         active;
    logic [63:0]  top;
    logic [127:0] ring;
  } view_t;
  localparam int unsigned BELOW_W = 97;  // below these in an entry: counters, parity
  view_t now, earlier;
  logic compare, used_now;
  assign now = u_dut.valid_4 && u_dut.sa_4 == sa
      ? view_t'{active: u_dut.window_4.active, top: u_dut.window_4.top, ring: u_dut.window_4.ring}
      : view_t'(u_dut.u_windows.memory[sa][BELOW_W+:$bits(view_t)]);
  assign used_now = accepted || (stages[4].clear && stages[4].mine ? n <= stages[4].n : used);
  always_ff @(posedge clk) begin
    earlier <= now;
    compare <= swept && !rst;
  end

  // What waits for its verdict has what is in the memory, or is known to be damaged.
  view_t waiting;
  assign waiting = '{active: u_dut.stored_2.active, top: u_dut.stored_2.top, ring: u_dut.stored_2.ring};
  logic has_waited;
  logic waited_3, waited_4;
  always_ff @(posedge clk) begin
    has_waited <= waits && !rst;
    waited_3 <= has_waited && !waits;
    waited_4 <= waited_3;
  end

  logic is_verdict, is_refused;  // of the operation that has made `now` out of `earlier`, if it was on the chosen SA
  assign is_verdict = stages[4].verdict && stages[4].mine;
  assign is_refused = is_verdict && !accept;

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (accept_valid == stages[4].verdict);
      assert (!(accepted && used));
      assert (!(is_verdict && accept && (!stages[4].ok || stages[4].n == '0)));
      if (compare) begin
        assert (!(is_refused && !fault.valid && now != earlier));
        assert (!(is_verdict && !fault.valid && now.top < earlier.top));
        assert (!(fault.valid && (accept || (stages[4].mine && now.active))));
        assert (!(!stages[4].mine && now != earlier));
      end
      if (swept) assert (^u_dut.u_windows.memory[sa] == 1'b0);
      // A used number is in the ring, or too old, or the SA is not active and accepts nothing.
      if (swept) assert (!(used_now && now.active && n != '0 && n > now.top));
      if (swept) assert (!(used_now && now.active && now.top - n < 64'd128 && !now.ring[n[6:0]]));
      if (has_waited) begin
        assert (u_dut.valid_2 && u_dut.op_2.verdict && !u_dut.op_2.read && !u_dut.same_as_4_2 && !u_dut.valid_1);
        assert (!u_dut.valid_3 && !u_dut.valid_4);
        assert (stages[2].verdict && !stages[2].clear);
        for (int i = 1; i <= 4; i++) assert (i == 2 || !(stages[i].verdict || stages[i].clear));
        assert (stages[2].n == u_dut.op_2.n && stages[2].mine == (u_dut.op_2.sa == sa));
        assert (!(stages[2].mine && !u_dut.damaged_2 && waiting != now));
      end
      cover (waited_4 && accepted);
      cover (accepted && earlier.top > n);
      cover (fault.valid && stages[4].mine && earlier.active);
    end
  end

endmodule

`default_nettype wire
