// SPDX-License-Identifier: Apache-2.0
// Control sequence numbers of all SAs, sending direction: hands out next, next + 1, ... and never a number twice.
//
// reply: asks for a number; answer (n, usable) 3 cycles after the handshake, in order, one a cycle. usable is low for an SA without an
//   outbound half, and for ever after 2^64 - 1 has been given out; then n means nothing.
// command: write (next 1..2^64-1, or 0: unusable) or read (answer in n and usable 3 cycles later, with read_valid). Always ready,
//   goes first. An answer to a request of an earlier cycle has an old number, that of a later one a new one.
// issue_sa: SA of this cycle's request or command, for the tables that are read in step.
//
// Stages: 1 RAM, 2 increment, 3 write. A request needs what the one before it wrote: forwarded.
`default_nettype none
`include "sapulse_assert.svh"

module tx_sequence #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             sweep_valid,
    input  wire  [SA_W-1:0] sweep_sa,

    input  wire             reply_valid,
    output logic            reply_ready,
    input  wire  [SA_W-1:0] reply_sa,
    output logic            n_valid,
    output logic            usable,
    output logic [    63:0] n,

    input  wire             command_valid,
    input  wire             command_write,  // 1: write, 0: read
    input  wire  [SA_W-1:0] command_sa,
    input  wire  [    63:0] command_next,
    output logic            read_valid,

    output logic [SA_W-1:0] issue_sa
);

  // An entry: bit 64 usable, then the next number.
  logic valid_1, valid_2, valid_3;
  logic reply_1, reply_2, write_1, write_2;
  logic [SA_W-1:0] sa_1, sa_2, sa_3;
  logic [63:0] next_1, next_2;
  logic same_as_3_1, same_as_4_1, same_as_3_2;
  logic [64:0] ram_1, stored_2, entry_3, entry_4;

  assign reply_ready = !command_valid;
  assign issue_sa = command_valid ? command_sa : reply_sa;

  sa_ram #(
      .WIDTH(65),
      .DEPTH(SA_CAPACITY)
  ) numbers (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid(valid_3),
      .write_address(sa_3),
      .write_data(entry_3),
      .read_address(issue_sa),
      .read_data(ram_1)
  );

  // ---- Stage 1
  always_ff @(posedge clk) begin
    reply_1 <= !command_valid;
    write_1 <= command_valid && command_write;
    next_1 <= command_next;
    sa_1 <= issue_sa;
    same_as_3_1 <= valid_2 && sa_2 == issue_sa;  // the operation that is in stage 3 when this one is in stage 1
    same_as_4_1 <= valid_3 && sa_3 == issue_sa;
  end

  // ---- Stage 2
  always_ff @(posedge clk) begin
    reply_2 <= reply_1;
    write_2 <= write_1;
    next_2 <= next_1;
    sa_2 <= sa_1;
    same_as_3_2 <= valid_2 && sa_2 == sa_1;
    stored_2 <= same_as_3_1 ? entry_3 : same_as_4_1 ? entry_4 : ram_1;
  end

  wire [64:0] entry_2 = same_as_3_2 ? entry_3 : stored_2;
  wire [64:0] after_2 = {1'b0, entry_2[63:0]} + 65'd1;  // bit 64: the numbers are used up

  // ---- Stage 3
  always_ff @(posedge clk) begin
    sa_3 <= sa_2;
    n <= entry_2[63:0];
    usable <= entry_2[64];
    n_valid <= valid_2 && reply_2 && !rst;
    read_valid <= valid_2 && !reply_2 && !write_2 && !rst;
    entry_3 <= entry_2;
    if (reply_2 && entry_2[64]) entry_3 <= {!after_2[64], after_2[63:0]};
    if (write_2) entry_3 <= {next_2 != 64'd0, next_2};
  end

  always_ff @(posedge clk) begin
    entry_4 <= entry_3;
    {valid_3, valid_2, valid_1} <= {valid_2, valid_1, command_valid || reply_valid};
    if (rst) {valid_3, valid_2, valid_1} <= 3'd0;
  end

`ifndef SYNTHESIS
  // Lowest number that may still be given out, by SA: what has been written, then above everything given out.
  logic [64:0] lowest[0:SA_CAPACITY-1];
  always_ff @(posedge clk) begin
    if (sweep_valid) lowest[sweep_sa] <= 65'd0;
    if (n_valid && usable) lowest[sa_3] <= {1'b0, n} + 65'd1;
    if (valid_2 && write_2) lowest[sa_2] <= 65'd0;
  end
  `SAPULSE_ASSERT(clk, rst, !(n_valid && usable && {1'b0, n} < lowest[sa_3]), "a control sequence number was given out twice")
`endif
  `SAPULSE_ASSERT(clk, rst, !(n_valid && usable && n == 64'd0), "control sequence number 0 was given out")
  `SAPULSE_ASSERT(clk, rst, !(sweep_valid && (command_valid || reply_valid)), "operation before the sweep has ended")

endmodule

`default_nettype wire
