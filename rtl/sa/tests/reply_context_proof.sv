// SPDX-License-Identifier: Apache-2.0
// Number and outbound half of one context come from the same write: for an SA chosen freely, an answer has the half that was in
// force when it was asked for, and the number that follows from what was written with that half and from the answers since. Both
// tables are wired as sa_tables does it; commands write half and first number in one cycle (sa_commands).
`default_nettype none

module reply_context_proof #(
    parameter int unsigned SA_CAPACITY = 2
) (
    input wire clk,
    input wire restart,
    input wire sa_pkg::sa_t chosen_sa,
    input wire request_valid,
    input wire sa_pkg::sa_t request_sa,
    input wire keeps,
    input wire command_valid,
    input wire command_write,
    input wire sa_pkg::sa_t command_sa,
    input wire [63:0] next,
    input wire [31:0] spi,
    input wire key_bit
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);
  localparam int unsigned LATENCY = sa_pkg::CONTEXT_LATENCY;

  logic rst, first;
  proof_reset u_reset (.clk, .restart, .rst, .first);

  logic swept;
  sa_pkg::sweep_t sweep;
  proof_sweep #(.SA_CAPACITY(SA_CAPACITY)) u_sweep (.clk, .rst, .sweep, .swept);

  logic [SA_W-1:0] chosen;
  always_ff @(posedge clk) if (first) chosen <= chosen_sa[SA_W-1:0];

  stream_if #(sa_pkg::sa_t) sequence_request ();
  sa_key_if key ();
  sa_pkg::sequence_command_t sequence_command;
  sa_pkg::key_update_t key_update;
  sa_pkg::sequence_number_t sequence_number;
  sa_pkg::sa_t issue_sa;
  sa_pkg::out_half_t out_half;
  sa_pkg::token_t out_token;
  sa_pkg::fault_t fault, in_fault, out_fault, token_fault;
  logic number_valid, sequence_read_valid, out_damaged;

  assign sequence_request.valid = request_valid && swept, sequence_request.data = request_sa;
  assign sequence_command = '{valid: command_valid && swept, write: command_write, sa: command_sa, next: next};
  always_comb begin
    key_update = '0;
    key_update.out_valid = sequence_command.valid && command_write;
    key_update.sa = command_sa;
    key_update.spi = spi;
    key_update.key.salt[0] = key_bit;  // of the key one bit is free
  end
  assign key.valid = 1'b0, key.sa = '0;

  logic kept;
  delay_line #(.CYCLES(sa_pkg::KEPT_LATENCY)) u_kept (.clk, .in(keeps), .out(kept));

  tx_sequence #(.SA_CAPACITY(SA_CAPACITY)) u_numbers (
      .clk, .rst, .sweep, .sequence_request, .kept, .sequence_command, .number_valid, .sequence_read_valid, .sequence_number,
      .fault, .issue_sa
  );
  sa_context #(.SA_CAPACITY(SA_CAPACITY)) u_halves (
      .clk, .rst, .sweep, .key, .out_valid(1'b1), .out_sa(issue_sa), .out_half, .out_token, .out_damaged, .in_fault, .out_fault,
      .token_fault, .key_update
  );

  // The chosen SA as commands and requests leave it, at once.
  typedef struct packed {
    logic        usable;
    logic [63:0] n;
    logic [31:0] spi;
    logic        key;
  } context_t;
  context_t now;
  logic mine, asked, written;
  assign mine = issue_sa[SA_W-1:0] == chosen;
  assign asked = sequence_request.valid && sequence_request.ready && keeps && mine;
  assign written = key_update.out_valid && mine;
  always_ff @(posedge clk) begin
    if (asked && now.usable) {now.usable, now.n} <= {now.n != '1, now.n + 64'd1};
    if (written) now <= '{usable: next != '0, n: next, spi: spi, key: key_bit};
    if (rst) now <= '0;
  end

  // What each operation on it has found; the oldest is answered now.
  typedef struct packed {
    logic     asked;
    logic     mine;
    context_t found;
  } stage_t;
  stage_t [LATENCY:1] stages;
  always_ff @(posedge clk) begin
    stages <= {stages[LATENCY-1:1], stage_t'{
      asked: asked, mine: mine && (sequence_request.valid || sequence_command.valid), found: now
    }};
    if (rst) for (int i = 1; i <= LATENCY; i++) {stages[i].asked, stages[i].mine} <= '0;
  end

  // An outbound half of which no more is free than the commands leave.
  function automatic sa_pkg::out_half_t as_written(input context_t ctx);
    as_written = '0;
    as_written.spi = ctx.spi;
    as_written.key.salt[0] = ctx.key;
  endfunction

  // Where the tables have got to: before the oldest operation that is not in stage 3 yet. The proof's invariant.
  context_t pending;
  sa_pkg::sequence_number_t entry;
  sa_pkg::out_half_t half;
  logic number_check, half_check;  // parity, which no bit has left here: tx_sequence_proof has those that flip
  assign {half, half_check} = u_halves.u_out_halves.memory[chosen];
  assign pending = stages[2].mine ? stages[2].found : stages[1].mine ? stages[1].found : now;
  sa_pkg::sequence_number_t stored;
  assign {stored, number_check} = u_numbers.u_numbers.memory[chosen];
  assign entry = u_numbers.valid_3 && u_numbers.sa_3 == chosen ? u_numbers.entry_3 : stored;

  logic answered;
  assign answered = stages[LATENCY].asked;
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!answered || number_valid);
      if (answered) begin
        assert (sequence_number.usable == stages[LATENCY].found.usable);
        assert (!sequence_number.usable || sequence_number.n == stages[LATENCY].found.n);
        assert (!fault.valid && !out_fault.valid);
        assert (out_half == as_written(stages[LATENCY].found));
      end
      if (swept) begin
        assert (entry.usable == pending.usable && (!entry.usable || entry.n == pending.n));
        assert (half == as_written(now) && half_check == ^{now.spi, now.key} && number_check == ^stored);
      end
      cover (answered && sequence_number.usable && stages[2].asked && out_half.spi != now.spi);
    end
  end

endmodule

`default_nettype wire
