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
  sapulse_pkg::completion_t result_q, completion_q;
  logic [BEATS-1:0] left_q;  // a one for each beat of the completion that has not left

  sapulse_pkg::frame_t head;  // of every command; its body only of FRAME
  assign head = descriptor.data;
  wire last = BEATS == 1 || left_q == BEATS'(1);

  assign idle = state_q == IDLE;
  assign command.cmd_valid = state_q == COMMAND;
  assign command.rsp_ready = state_q == RESPONSE;
  assign command.descriptor = descriptor.data;
  assign job.start = state_q == FRAME_START && job.ready;
  assign job.address = head.address;
  assign job.length = head.length;
  assign descriptor.ready = state_q == NEXT && last;
  assign completion.valid = state_q == NEXT;
  assign completion.beat = '{last: last, data: host_pkg::beat_t'(completion_q)};

  always_ff @(posedge clk) begin
    if (rst) begin
      state_q <= IDLE;
    end else begin
      case (state_q)
        IDLE:
        if (descriptor.valid && completion.room) state_q <= (head.opcode == sapulse_pkg::OPCODE_FRAME) ? FRAME_START : COMMAND;
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
      completion_q.opcode <= head.opcode;
      completion_q.status <= status_q;
      completion_q.cookie <= head.cookie;
      completion_q.sa <= head.sa;
      completion_q.time_ns <= now;
      left_q <= '1;
    end else if (BEATS > 1 && state_q == NEXT) begin
      completion_q <= completion_q >> (8 * host_pkg::BEAT_BYTES);
      left_q <= left_q >> 1;
    end
  end

  // Bytes that FRAME has not.
  wire unused = &{1'b0, head};

  `SAPULSE_ASSERT(clk, rst, !completion.valid || completion.ready, "completion without room")

endmodule

`default_nettype wire
