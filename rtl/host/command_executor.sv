// SPDX-License-Identifier: Apache-2.0
// Executes commands in order, one at a time: FRAME here, all others in the SA tables. Each yields one completion.
//
// idle        no command is being executed
// descriptor  the next command, stable until descriptor_ready, which comes when it has been executed
// room        the completion ring has room; no command begins without
// cmd, rsp    see host_interface
// frame_*     see frame_reader
// completion  one beat; ready whenever room was 1 as the command began
`include "sapulse_assert.svh"

`default_nettype none

module command_executor (
    input  wire           clk,
    input  wire           rst,
    output logic          idle,
    input  wire  [  63:0] now,

    input  wire           descriptor_valid,
    output logic          descriptor_ready,
    input  wire  [2047:0] descriptor,
    input  wire           room,

    output logic          cmd_valid,
    input  wire           cmd_ready,
    input  wire           rsp_valid,
    output logic          rsp_ready,
    input  wire  [   7:0] rsp_status,
    input  wire  [ 511:0] rsp_completion,

    output logic          frame_start,
    input  wire           frame_ready,
    output logic [  63:0] frame_address,
    output logic [  15:0] frame_length,
    input  wire           frame_finished,
    input  wire  [   7:0] frame_status,

    output logic          completion_valid,
    input  wire           completion_ready,
    output logic [ 511:0] completion
);
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] COMMAND = 3'd1;
  localparam logic [2:0] RESPONSE = 3'd2;
  localparam logic [2:0] FRAME_START = 3'd3;
  localparam logic [2:0] FRAME = 3'd4;
  localparam logic [2:0] COMPLETE = 3'd5;
  localparam logic [2:0] NEXT = 3'd6;

  logic [2:0] state_q;
  logic [7:0] status_q;
  logic [511:0] result_q;

  wire [7:0] opcode = descriptor[sapulse_pkg::DESC_COMMAND_OPCODE_LSB+:8];
  wire [31:0] cookie = descriptor[sapulse_pkg::DESC_COMMAND_COOKIE_LSB+:32];
  wire [31:0] sa = descriptor[sapulse_pkg::DESC_COMMAND_SA_LSB+:32];

  assign idle = state_q == IDLE;
  assign cmd_valid = state_q == COMMAND;
  assign rsp_ready = state_q == RESPONSE;
  assign frame_start = state_q == FRAME_START && frame_ready;
  assign frame_address = descriptor[sapulse_pkg::DESC_FRAME_ADDRESS_LSB+:64];
  assign frame_length = descriptor[sapulse_pkg::DESC_FRAME_LENGTH_LSB+:16];
  assign descriptor_ready = state_q == NEXT;
  assign completion_valid = state_q == NEXT;

  always_ff @(posedge clk) begin
    if (rst) begin
      state_q <= IDLE;
    end else begin
      case (state_q)
        IDLE: if (descriptor_valid && room) state_q <= (opcode == sapulse_pkg::OPCODE_FRAME) ? FRAME_START : COMMAND;
        COMMAND: if (cmd_ready) state_q <= RESPONSE;
        RESPONSE: if (rsp_valid) state_q <= COMPLETE;
        FRAME_START: if (frame_ready) state_q <= FRAME;
        FRAME: if (frame_finished) state_q <= COMPLETE;
        COMPLETE: state_q <= NEXT;
        default: state_q <= IDLE;
      endcase
    end
  end

  always_ff @(posedge clk) begin
    if (state_q == RESPONSE) begin
      result_q <= rsp_completion;
      status_q <= rsp_status;
    end else if (state_q == FRAME) begin
      result_q <= 512'h0;
      status_q <= frame_status;
    end
    if (state_q == COMPLETE) begin
      completion <= result_q;
      completion[sapulse_pkg::DESC_COMPLETION_OPCODE_LSB+:8] <= opcode;
      completion[sapulse_pkg::DESC_COMPLETION_STATUS_LSB+:8] <= status_q;
      completion[sapulse_pkg::DESC_COMPLETION_COOKIE_LSB+:32] <= cookie;
      completion[sapulse_pkg::DESC_COMPLETION_SA_LSB+:32] <= sa;
      completion[sapulse_pkg::DESC_COMPLETION_TIME_LSB+:64] <= now;
    end
  end

  `SAPULSE_ASSERT(clk, rst, !completion_valid || completion_ready, "completion without room")

  // The rest of the descriptor is for the SA tables, which see it directly.
  logic unused;
  assign unused = completion_ready ^ (^descriptor);

endmodule

`default_nettype wire
