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
    input wire [289:0] found
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
  assign u_dut.u_windows.found = found;

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

  // The window that the next operation on the chosen SA finds, wherever it is. `earlier`: a cycle before.
  typedef struct packed {
    logic         active;
    logic [63:0]  top;
    logic [127:0] ring;
  } view_t;
  localparam int unsigned BELOW_W = 97;  // below these in an entry: counters, parity
  function automatic view_t view_of(input logic [289:0] entry);
    view_of = view_t'(entry[BELOW_W+:$bits(view_t)]);
  endfunction

  view_t now, earlier;
  logic compare, used_now;
  assign now = u_dut.valid_4 && u_dut.sa_4 == sa
      ? view_of({u_dut.window_4, 1'b0})
      : view_of(u_dut.u_windows.memory[sa]);
  assign used_now = accepted || (stages[4].clear && stages[4].mine ? n <= stages[4].n : used);
  always_ff @(posedge clk) begin
    earlier <= now;
    compare <= swept && !rst;
  end

  logic has_waited, waited_3, waited_4;  // this one has waited
  always_ff @(posedge clk) begin
    has_waited <= waits && !rst;
    waited_3 <= has_waited && !waits;
    waited_4 <= waited_3;
  end

  logic is_verdict, is_refused;  // of the operation that has made `now` out of `earlier`, if it was on the chosen SA
  assign is_verdict = stages[4].verdict && stages[4].mine;
  assign is_refused = is_verdict && !accept;

  always_comb begin
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
      // A used number is in the ring, or too old, or the SA is not active and accepts nothing.
      if (swept) assert (!(used_now && now.active && n != '0 && n > now.top));
      if (swept) assert (!(used_now && now.active && now.top - n < 64'd128 && !now.ring[n[6:0]]));
      cover (waited_4 && accepted);
      cover (accepted && earlier.top > n);
      cover (fault.valid && stages[4].mine && earlier.active);
    end
  end

  // What makes it inductive from one cycle to the next: the pipeline holds what was handed over, and each operation has what the
  // memory has, or what came from there was flipped.
  logic flipped_1, flipped_2, flipped_3;  // what came from the memory
  always_ff @(posedge clk) begin
    flipped_1 <= u_dut.u_windows.flips;
    if (!waits || u_dut.same_as_4_2) flipped_2 <= flipped_1;
    flipped_3 <= u_dut.from_ram_2 && !u_dut.same_as_4_2 && flipped_2;
  end

  for (genvar i = 0; i < SA_CAPACITY; i++) begin : g_entry
    always_comb begin
      if (!rst && !swept && i < 32'(u_sweep.sa)) assert (u_dut.u_windows.memory[i] == '0);
      if (!rst && swept) assert (^u_dut.u_windows.memory[i] == 1'b0);
    end
  end

  view_t in_memory_1, in_memory_2, in_memory_3, stored_1, stored_2, window_3, window_5;
  assign in_memory_1 = view_of(u_dut.u_windows.memory[u_dut.op_1.sa]);
  assign in_memory_2 = view_of(u_dut.u_windows.memory[u_dut.op_2.sa]);
  assign in_memory_3 = view_of(u_dut.u_windows.memory[u_dut.op_3.sa]);
  assign stored_1 = view_of({u_dut.ram_1, 1'b0}), stored_2 = view_of({u_dut.stored_2, 1'b0});
  assign window_3 = view_of({u_dut.window_3, 1'b0}), window_5 = view_of({u_dut.window_5, 1'b0});

  logic [6:0] low, low_3, top_3;
  assign low = n[6:0], low_3 = u_dut.op_3.n[6:0], top_3 = window_3.top[6:0];
  logic is_newer, is_inside, is_near;
  assign is_newer = u_dut.op_3.n > window_3.top;
  assign is_inside = window_3.top - u_dut.op_3.n < 64'd128, is_near = u_dut.op_3.n - window_3.top < 64'd128;

  always_comb begin
    if (!rst) begin
      assert (!(u_dut.valid_1 && u_dut.valid_2) && !(u_dut.valid_2 && u_dut.valid_3) && !(u_dut.valid_3 && u_dut.valid_4));
      if (!compare) assert (!used && !u_dut.valid_1 && !u_dut.valid_2 && !u_dut.valid_3 && !u_dut.valid_4);
      if (compare) assert (swept && earlier == view_of(u_dut.u_windows.memory[sa]));

      assert (stages[1].verdict == (u_dut.valid_1 && u_dut.op_1.verdict));
      assert (stages[1].clear == (u_dut.valid_1 && !u_dut.op_1.verdict && !u_dut.op_1.read));
      assert (stages[2].verdict == (u_dut.valid_2 && u_dut.op_2.verdict));
      assert (stages[2].clear == (u_dut.valid_2 && !u_dut.op_2.verdict && !u_dut.op_2.read));
      assert (stages[3].verdict == (u_dut.valid_3 && u_dut.op_3.verdict));
      assert (stages[3].clear == (u_dut.valid_3 && !u_dut.op_3.verdict && !u_dut.op_3.read));
      assert (!(stages[4].verdict && stages[4].clear) && (u_dut.valid_4 || !(stages[4].verdict || stages[4].clear)));
      if (u_dut.valid_1) assert (stages[1].mine == (u_dut.op_1.sa == sa) && stages[1].n == u_dut.op_1.n);
      if (u_dut.valid_2) assert (stages[2].mine == (u_dut.op_2.sa == sa) && stages[2].n == u_dut.op_2.n);
      if (u_dut.valid_3) assert (stages[3].mine == (u_dut.op_3.sa == sa) && stages[3].n == u_dut.op_3.n);
      if (u_dut.valid_4) assert (stages[4].mine == (u_dut.sa_4 == sa));

      if (u_dut.valid_1) begin
        assert (u_dut.same_as_4_1 == (u_dut.valid_4 && u_dut.sa_4 == u_dut.op_1.sa));
        assert (^{u_dut.ram_1, u_dut.check_1} == flipped_1);
        if (u_dut.same_as_5_1) assert (window_5 == in_memory_1);
        else assert (flipped_1 || stored_1 == in_memory_1);
      end
      if (u_dut.valid_2) begin
        assert (u_dut.same_as_4_2 == (u_dut.valid_4 && u_dut.sa_4 == u_dut.op_2.sa));
        if (u_dut.from_ram_2) assert (^{u_dut.stored_2, u_dut.check_2} == flipped_2);
        assert (u_dut.same_as_4_2 || (u_dut.from_ram_2 && flipped_2) || stored_2 == in_memory_2);
        assert (u_dut.nonzero_2 == (u_dut.op_2.n != '0));
        assert (u_dut.block_after_2 == u_dut.op_2.n[63:7] + 57'd1 && u_dut.block_before_2 == u_dut.op_2.n[63:7] - 57'd1);
        assert (u_dut.onehot_2 == 128'd1 << u_dut.op_2.n[6:0] && u_dut.thermometer_2[low] == (low <= u_dut.op_2.n[6:0]));
      end
      if (u_dut.valid_3) begin
        assert (u_dut.ok_3 == stages[3].ok && u_dut.nonzero_3 == (u_dut.op_3.n != '0));
        assert (u_dut.damaged_3 == (flipped_3 && (u_dut.op_3.verdict || u_dut.op_3.read)));
        assert (flipped_3 ? !window_3.active : window_3 == in_memory_3);
        assert (u_dut.newer_3 == is_newer);
        if (is_newer) assert (u_dut.near_3 == is_near);
        else assert (u_dut.inside_3 == is_inside);
        assert (u_dut.onehot_3 == 128'd1 << low_3 && u_dut.seen_3 == window_3.ring[low_3]);
        assert (u_dut.keep_3[low] == (low_3 > top_3 ? low > low_3 || low <= top_3 : low > low_3 && low <= top_3));
      end
    end
  end

endmodule

`default_nettype wire
