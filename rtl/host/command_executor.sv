// SPDX-License-Identifier: Apache-2.0
// Executes commands in order, one at a time: FRAME here, all others in the SA tables. Each yields one completion.
//
// idle        no command is being executed
// descriptor  the next command; taken when it has been executed
// completion  no command begins without room; so it is ready for all beats of a completion
`include "sapulse_assert.svh"

`default_nettype none

module command_executor (
    input  wire         clk,
    input  wire         rst,
    input  wire  [63:0] now,
    output logic        idle,

    stream_if.sink       descriptor,  // command_t
    command_if.client    command,
    frame_job_if.client  job,
    ring_entry_if.source completion
);
  localparam int unsigned BEATS = sapulse_pkg::COMPLETION_BYTES / host_pkg::BEAT_BYTES;

  typedef enum logic [2:0] {IDLE, COMMAND, RESPONSE, FRAME_START, FRAME, COMPLETE, NEXT} state_t;

  state_t state_q;
  logic [7:0] status_q;
  logic [8*sapulse_pkg::COMPLETION_BYTES-1:0] result_q, completion_q;
  logic [BEATS-1:0] left_q;  // a one for each beat of the completion that has not left

  wire [7:0] opcode = descriptor.data[sapulse_pkg::DESC_COMMAND_OPCODE_LSB+:8];
  wire [31:0] cookie = descriptor.data[sapulse_pkg::DESC_COMMAND_COOKIE_LSB+:32];
  wire [31:0] sa = descriptor.data[sapulse_pkg::DESC_COMMAND_SA_LSB+:32];
  wire last = BEATS == 1 || left_q == BEATS'(1);

  assign idle = state_q == IDLE;
  assign command.cmd_valid = state_q == COMMAND;
  assign command.rsp_ready = state_q == RESPONSE;
  assign command.descriptor = descriptor.data;
  assign job.start = state_q == FRAME_START && job.ready;
  assign job.address = descriptor.data[sapulse_pkg::DESC_FRAME_ADDRESS_LSB+:64];
  assign job.length = descriptor.data[sapulse_pkg::DESC_FRAME_LENGTH_LSB+:16];
  assign descriptor.ready = state_q == NEXT && last;
  assign completion.valid = state_q == NEXT;
  assign completion.beat = '{last: last, data: host_pkg::beat_t'(completion_q)};

  always_ff @(posedge clk) begin
    if (rst) begin
      state_q <= IDLE;
    end else begin
      case (state_q)
        IDLE:
        if (descriptor.valid && completion.room) state_q <= (opcode == sapulse_pkg::OPCODE_FRAME) ? FRAME_START : COMMAND;
        COMMAND: if (command.cmd_ready) state_q <= RESPONSE;
        RESPONSE: if (command.rsp_valid) state_q <= COMPLETE;
        FRAME_START: if (job.ready) state_q <= FRAME;
        FRAME: if (job.finished) state_q <= COMPLETE;
        COMPLETE: state_q <= NEXT;
        default: if (last) state_q <= IDLE;
      endcase
    end
  end

  always_ff @(posedge clk) begin
    if (state_q == RESPONSE) begin
      result_q <= command.completion;
      status_q <= command.status;
    end else if (state_q == FRAME) begin
      result_q <= '0;
      status_q <= job.status;
    end
    if (state_q == COMPLETE) begin
      completion_q <= result_q;
      completion_q[sapulse_pkg::DESC_COMPLETION_OPCODE_LSB+:8] <= opcode;
      completion_q[sapulse_pkg::DESC_COMPLETION_STATUS_LSB+:8] <= status_q;
      completion_q[sapulse_pkg::DESC_COMPLETION_COOKIE_LSB+:32] <= cookie;
      completion_q[sapulse_pkg::DESC_COMPLETION_SA_LSB+:32] <= sa;
      completion_q[sapulse_pkg::DESC_COMPLETION_TIME_LSB+:64] <= now;
      left_q <= '1;
    end else if (BEATS > 1 && state_q == NEXT) begin
      completion_q <= completion_q >> (8 * host_pkg::BEAT_BYTES);
      left_q <= left_q >> 1;
    end
  end

  `SAPULSE_ASSERT(clk, rst, !completion.valid || completion.ready, "completion without room")

endmodule

`default_nettype wire
