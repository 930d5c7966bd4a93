// SPDX-License-Identifier: Apache-2.0
// tx_sequence hands out no control sequence number twice: for an SA chosen freely, a number chosen freely among those handed out is
// not handed out again until a command writes the SA's next number; neither is a lower one, and never 0. Its other promises, too:
// an answer for each request that is kept, three cycles later, in order; an SA whose numbers are used up hands out none. All of it
// with sa_ram_flips: although bits flip in the memory.
`default_nettype none

module tx_sequence_proof #(
    parameter int unsigned SA_CAPACITY = 2
) (
    input wire clk,
    input wire restart,
    input wire sa_pkg::sa_t chosen_sa,
    input wire request_valid,
    input wire sa_pkg::sa_t request_sa,
    input wire keeps,
    input wire sa_pkg::sequence_command_t command,
    input wire [$bits(sa_pkg::sequence_number_t):0] found
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  logic rst, first;
  proof_reset u_reset (.clk, .restart, .rst, .first);

  logic swept;
  sa_pkg::sweep_t sweep;
  proof_sweep #(.SA_CAPACITY(SA_CAPACITY)) u_sweep (.clk, .rst, .sweep, .swept);

  logic [SA_W-1:0] sa;  // the chosen one
  always_ff @(posedge clk) if (first) sa <= chosen_sa[SA_W-1:0];

  stream_if #(sa_pkg::sa_t) sequence_request ();
  sa_pkg::sequence_command_t sequence_command;
  logic number_valid, sequence_read_valid;
  sa_pkg::sequence_number_t sequence_number;
  sa_pkg::sa_t issue_sa;
  sa_pkg::fault_t fault;

  assign sequence_request.valid = request_valid && swept, sequence_request.data = request_sa;
  always_comb begin
    sequence_command = command;
    sequence_command.valid = command.valid && swept;
  end

  // Of the operations in the pipeline: which were for the chosen SA.
  typedef struct packed {
    logic request, kept, write, mine;
  } stage_t;
  stage_t [3:1] stages;
  always_ff @(posedge clk) begin
    stages <= {stages[2:1], stage_t'{
      request: sequence_request.valid && sequence_request.ready,
      kept: keeps,
      write: sequence_command.valid && sequence_command.write,
      mine: issue_sa[SA_W-1:0] == sa
    }};
    if (rst) stages <= '0;
  end

  tx_sequence #(.SA_CAPACITY(SA_CAPACITY)) u_dut (
      .clk, .rst, .sweep, .sequence_request, .kept(stages[sa_pkg::KEPT_LATENCY].kept), .sequence_command,
      .number_valid, .sequence_read_valid, .sequence_number, .fault, .issue_sa
  );
  assign u_dut.u_numbers.found = found;

  // The lowest number that may still be handed out to the chosen SA, as the outputs tell.
  logic [64:0] lowest;
  logic handed;
  assign handed = number_valid && stages[3].mine && sequence_number.usable;
  logic [64:0] lowest_next;
  always_comb begin
    lowest_next = handed ? {1'b0, sequence_number.n} + 65'd1 : lowest;
    if (stages[3].write && stages[3].mine) lowest_next = '0;
  end
  always_ff @(posedge clk) lowest <= rst ? '0 : lowest_next;

  // What the next operation on the chosen SA finds, wherever it is: the proof's invariant.
  sa_pkg::sequence_number_t entry;
  logic check;  // of the memory
  assign {entry, check} = u_dut.valid_3 && u_dut.sa_3 == sa ? {u_dut.entry_3, ^u_dut.entry_3} : u_dut.u_numbers.memory[sa];

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!(handed && {1'b0, sequence_number.n} < lowest));
      assert (!(handed && sequence_number.n == '0));
      assert (number_valid == (stages[3].request && stages[3].kept));
      assert (!(fault.valid && handed));
      if (swept) assert (^{entry, check} == 1'b0);
      if (swept) assert (!(entry.usable && ({1'b0, entry.n} < lowest_next || entry.n == '0)));
      cover (handed && lowest != '0);
      cover (stages[3].request && !stages[3].kept && stages[3].mine && stages[2].request && stages[2].kept && stages[2].mine);
      cover (fault.valid && stages[3].mine && lowest != '0);
    end
  end

endmodule

`default_nettype wire
