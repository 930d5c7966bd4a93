// SPDX-License-Identifier: Apache-2.0
// replay_window with loose ports. verdict_ok belongs to the question of the same handshake; its verdict comes as soon as it can,
// unless late is 1.
`default_nettype none

module replay_window_bench #(
    parameter int unsigned SA_CAPACITY = 16
) (
    input wire              clk,
    input wire              rst,
    input wire              sweep_valid,
    input wire sa_pkg::sa_t sweep_sa,

    input  wire              verdict_valid,
    output logic             verdict_ready,
    input  wire sa_pkg::sa_t verdict_sa,
    input  wire [63:0]       verdict_n,
    input  wire              verdict_ok,
    input  wire              late,
    output logic             accept_valid,
    output logic             accept,

    input  wire              command_valid,
    output logic             command_ready,
    input  wire              command_clear,
    input  wire              command_active,
    input  wire [63:0]       command_top,
    input  wire sa_pkg::sa_t command_sa,
    output logic             read_valid,
    output logic [63:0]      read_top,
    output logic [31:0]      read_accepted,
    output logic [31:0]      read_replayed,
    output logic [31:0]      read_rejected
);

  sa_pkg::sweep_t sweep;
  assign sweep = '{valid: sweep_valid, sa: sweep_sa};

  stream_if #(sa_pkg::question_t) question ();
  stream_if #(logic) verdict ();
  logic ok, waits;
  assign question.valid = verdict_valid;
  assign question.data = '{sa: verdict_sa, n: verdict_n};
  assign verdict_ready = question.ready;
  assign verdict.valid = !late;
  assign verdict.data = ok;
  always_ff @(posedge clk) if (question.valid && question.ready) ok <= verdict_ok;

  stream_if #(sa_pkg::window_command_t) window_command ();
  assign window_command.valid = command_valid;
  assign window_command.data = '{sa: command_sa, clear: command_clear, active: command_active, top: command_top};
  assign command_ready = window_command.ready;

  sa_pkg::window_read_t window_read;
  assign {read_top, read_accepted, read_replayed, read_rejected} = window_read;

  sa_pkg::fault_t fault;
  wire unused = &{1'b0, fault, waits};  // sa_fault_test.cpp

  replay_window #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_window (
      .clk, .rst, .sweep,
      .question, .verdict, .waits, .accept_valid, .accept,
      .window_command,
      .window_read_valid(read_valid),
      .window_read, .fault
  );

endmodule

`default_nettype wire
