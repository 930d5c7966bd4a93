// SPDX-License-Identifier: Apache-2.0
// Control sequence numbers of all SAs, sending direction: hands out next, next + 1, ... and never a number twice.
//
// sequence_request: asks for a number; kept, sa_pkg::KEPT_LATENCY cycles after the handshake: it will be used, so it is taken, and
//   sequence_number shows it sa_pkg::CONTEXT_LATENCY cycles after the handshake, with number_valid, in order, one a cycle.
//   usable is low for an SA without an outbound half, and for ever after 2^64 - 1 has been given out.
// sequence_command: write, or read (sequence_number 3 cycles later, with sequence_read_valid). Always ready, goes first. An answer
//   to a request of an earlier cycle has an old number, that of a later one a new one.
// fault: the number that was to be answered now is damaged: it counts as not usable from now on. To guess it could repeat one.
// issue_sa: SA of this cycle's request or command, for the tables that are read in step.
//
// Stages: 1 RAM, 2 increment, 3 write. A request needs what the one before it wrote: forwarded.
`default_nettype none
`include "sapulse_assert.svh"

module tx_sequence #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,
    input wire sa_pkg::sweep_t sweep,

    stream_if.sink sequence_request,  // sa_t
    input wire     kept,

    input wire sa_pkg::sequence_command_t sequence_command,

    output logic                     number_valid,
    output logic                     sequence_read_valid,
    output sa_pkg::sequence_number_t sequence_number,
    output sa_pkg::fault_t           fault,

    output sa_pkg::sa_t issue_sa
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  typedef struct packed {
    logic            request;
    logic            write;
    logic [SA_W-1:0] sa;
    logic [63:0]     next;
  } operation_t;

  // The number of an entry is the next one.
  logic valid_1, valid_2, valid_3;
  operation_t op_1, op_2;
  logic [SA_W-1:0] sa_0, sa_3;
  logic same_as_3_1, same_as_4_1, same_as_3_2;
  logic check_1, check_2, from_ram_2, damaged_2;
  logic [64:0] after_2;  // bit 64: the numbers are used up
  sa_pkg::sequence_number_t ram_1, stored_2, entry_2, entry_3, entry_4;

  assign sequence_request.ready = !sequence_command.valid;
  assign issue_sa = sequence_command.valid ? sequence_command.sa : sequence_request.data;
  assign sa_0 = issue_sa[SA_W-1:0];

  sa_ram #(
      .T(sa_pkg::sequence_number_t),
      .DEPTH(SA_CAPACITY)
  ) u_numbers (
      .clk, .sweep,
      .write_valid(valid_3),
      .write_address(sa_pkg::sa_t'(sa_3)),
      .write_data(entry_3),
      .read_address(issue_sa),
      .read_data(ram_1),
      .read_check(check_1)
  );

  // ---- Stage 1
  always_ff @(posedge clk) begin
    op_1 <= '{
      request: !sequence_command.valid, write: sequence_command.valid && sequence_command.write,
      sa: sa_0, next: sequence_command.next
    };
    same_as_3_1 <= valid_2 && op_2.sa == sa_0;  // the operation that is in stage 3 when this one is in stage 1
    same_as_4_1 <= valid_3 && sa_3 == sa_0;
  end

  // ---- Stage 2
  always_ff @(posedge clk) begin
    op_2 <= op_1;
    same_as_3_2 <= valid_2 && op_2.sa == op_1.sa;
    stored_2 <= same_as_3_1 ? entry_3 : same_as_4_1 ? entry_4 : ram_1;
    check_2 <= check_1;
    from_ram_2 <= !same_as_3_1 && !same_as_4_1;
  end

  assign entry_2 = same_as_3_2 ? entry_3 : stored_2;
  assign damaged_2 = from_ram_2 && !same_as_3_2 && ^{stored_2, check_2};
  assign after_2 = {1'b0, entry_2.n} + 65'd1;

  // ---- Stage 3
  always_ff @(posedge clk) begin
    sa_3 <= op_2.sa;
    sequence_number <= entry_2;
    number_valid <= valid_2 && op_2.request && kept && !rst;
    sequence_read_valid <= valid_2 && !op_2.request && !op_2.write && !rst;
    entry_3 <= entry_2;
    if (op_2.request && kept && entry_2.usable) entry_3 <= '{usable: !after_2[64], n: after_2[63:0]};
    if (damaged_2) begin
      sequence_number <= '0;
      entry_3 <= '0;
    end
    fault <= '{valid: valid_2 && damaged_2 && !op_2.write, entry: sa_pkg::entry_number_t'(op_2.sa)};
    if (op_2.write) entry_3 <= '{usable: op_2.next != 64'd0, n: op_2.next};
  end

  always_ff @(posedge clk) begin
    entry_4 <= entry_3;
    {valid_3, valid_2, valid_1} <= {valid_2, valid_1, sequence_command.valid || sequence_request.valid};
    if (rst) {valid_3, valid_2, valid_1} <= 3'd0;
  end

`ifndef SYNTHESIS
  // Lowest number that may still be given out, by SA: what has been written, then above everything given out.
  logic [64:0] lowest[0:SA_CAPACITY-1];
  always_ff @(posedge clk) begin
    if (sweep.valid) lowest[sweep.sa[SA_W-1:0]] <= 65'd0;
    if (number_valid && sequence_number.usable) lowest[sa_3] <= {1'b0, sequence_number.n} + 65'd1;
    if (valid_2 && op_2.write) lowest[op_2.sa] <= 65'd0;
  end
  `SAPULSE_ASSERT(clk, rst, !(number_valid && sequence_number.usable && {1'b0, sequence_number.n} < lowest[sa_3]),
                  "a control sequence number was given out twice")
`endif
  `SAPULSE_ASSERT(clk, rst, !(number_valid && sequence_number.usable && sequence_number.n == 64'd0),
                  "control sequence number 0 was given out")
  `SAPULSE_ASSERT(clk, rst, !(sweep.valid && (sequence_command.valid || sequence_request.valid)),
                  "operation before the sweep has ended")

endmodule

`default_nettype wire
