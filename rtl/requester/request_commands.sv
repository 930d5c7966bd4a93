// SPDX-License-Identifier: Apache-2.0
// Carries out PING and SEND; every other command goes on to sa_tables.
//
// cmd_*, rsp_*: as sa_commands has them. sa_cmd_*, sa_rsp_*: to and from sa_tables, with the same descriptor.
// order_*, done_*: see request_start. free_*, open_*: see ping_table. uptime: ns. ready: everything behind this has been cleared.
// BAD_SA: SA number beyond the capacity. BAD_ARGUMENT: length out of range. BUSY, UNUSABLE: see the enumeration.
`default_nettype none
`include "sapulse_assert.svh"

module request_commands #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire        clk,
    input wire        rst,
    input wire        ready,
    input wire [63:0] uptime,

    input  wire           cmd_valid,
    output logic          cmd_ready,
    input  wire  [2047:0] cmd_descriptor,
    output logic          rsp_valid,
    input  wire           rsp_ready,
    output logic [   7:0] rsp_status,
    output logic [ 511:0] rsp_completion,

    output logic          sa_cmd_valid,
    input  wire           sa_cmd_ready,
    input  wire           sa_rsp_valid,
    output logic          sa_rsp_ready,
    input  wire  [   7:0] sa_rsp_status,
    input  wire  [ 511:0] sa_rsp_completion,

    output logic                   order_valid,
    input  wire                    order_ready,
    output requester_pkg::order_t  order,
    input  wire                    done_usable,
    input  wire  [63:0]            done_n,
    input  wire  [63:0]            done_t_origin,

    input  wire         free_valid,
    input  wire  [31:0] free_transaction,
    output logic        open_valid,
    input  wire         open_ready,
    output logic [15:0] open_sa,
    output logic [31:0] open_cookie,
    output logic [63:0] open_t_origin,
    output logic [63:0] open_deadline
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);
  localparam logic [15:0] MAX_DATA = 16'(sapulse_pkg::ECHO_DATA_BYTES);
  localparam logic [15:0] MAX_BODY = 16'(sapulse_pkg::MESSAGE_BODY_BYTES);
  localparam logic [15:0] MIN_BODY = 16'd16;

  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] FORWARD = 3'd1;  // sa_tables has the command, until its response has been taken
  localparam logic [2:0] ORDER = 3'd2;    // request_start has the message
  localparam logic [2:0] OPEN = 3'd3;     // the ping table gets to know
  localparam logic [2:0] DONE = 3'd4;
  localparam logic [2:0] RESPOND = 3'd5;

  logic [2:0] state;

  // Fields.
  logic [7:0] opcode;
  logic [31:0] sa;
  logic [15:0] ping_length, send_length;
  logic is_ping, is_send, sa_bad, length_bad;
  logic [7:0] refusal;

  assign opcode = cmd_descriptor[sapulse_pkg::DESC_COMMAND_OPCODE_LSB+:8];
  assign sa = cmd_descriptor[sapulse_pkg::DESC_COMMAND_SA_LSB+:32];
  assign ping_length = cmd_descriptor[sapulse_pkg::DESC_PING_LENGTH_LSB+:16];
  assign send_length = cmd_descriptor[sapulse_pkg::DESC_SEND_LENGTH_LSB+:16];
  assign is_ping = opcode == sapulse_pkg::OPCODE_PING;
  assign is_send = opcode == sapulse_pkg::OPCODE_SEND;
  assign sa_bad = sa[31:SA_W] != '0;
  assign length_bad = is_ping ? ping_length > MAX_DATA
                              : send_length < MIN_BODY || send_length > MAX_BODY || send_length[1:0] != 2'd0;

  always_comb begin
    refusal = sapulse_pkg::STATUS_OK;
    if (sa_bad) refusal = sapulse_pkg::STATUS_BAD_SA;
    else if (length_bad) refusal = sapulse_pkg::STATUS_BAD_ARGUMENT;
    else if (is_ping && !free_valid) refusal = sapulse_pkg::STATUS_BUSY;
  end

  always_comb begin
    order.raw = is_send;
    order.sa = sa[15:0];
    order.length = is_ping ? ping_length[13:0] : send_length[13:0];
    order.body = cmd_descriptor[sapulse_pkg::DESC_SEND_BODY_LSB+:384];
    if (is_ping) begin
      order.transaction = free_transaction;
      order.message = datapath_pkg::MESSAGE_ECHO_REQUEST;
      order.code = 8'd0;
      order.counter = sapulse_pkg::COUNTER_REQUESTS;
    end else begin
      order.transaction = cmd_descriptor[sapulse_pkg::DESC_SEND_TRANSACTION_LSB+:32];
      order.message = cmd_descriptor[sapulse_pkg::DESC_SEND_MESSAGE_LSB+:8];
      order.code = cmd_descriptor[sapulse_pkg::DESC_SEND_CODE_LSB+:8];
      order.counter = sapulse_pkg::COUNTER_SENT;
    end
  end

  // Deadlines beyond the end of time are at the end of time.
  logic [64:0] deadline;
  assign deadline = {1'b0, uptime} + {1'b0, cmd_descriptor[sapulse_pkg::DESC_PING_TIMEOUT_LSB+:64]};

  logic [7:0] status;
  logic [31:0] cookie, transaction;
  logic [63:0] n;

  always_ff @(posedge clk) begin
    case (state)
      IDLE:
      if (cmd_valid && ready) begin
        status <= refusal;
        n <= '0;
        if (!is_ping && !is_send) state <= FORWARD;
        else state <= refusal == sapulse_pkg::STATUS_OK ? ORDER : DONE;
      end
      FORWARD: if (sa_rsp_valid && sa_rsp_ready) state <= IDLE;
      ORDER:
      if (order_ready) begin
        if (done_usable) n <= done_n;
        else status <= sapulse_pkg::STATUS_UNUSABLE;
        state <= is_ping && done_usable ? OPEN : DONE;
      end
      OPEN: if (open_ready) state <= DONE;
      DONE: state <= RESPOND;
      default: if (rsp_ready) state <= IDLE;
    endcase
    if (state == IDLE) begin
      cookie <= cmd_descriptor[sapulse_pkg::DESC_COMMAND_COOKIE_LSB+:32];
      transaction <= order.transaction;
      open_sa <= sa[15:0];
    end
    if (state == ORDER) begin
      open_t_origin <= done_t_origin;
      open_deadline <= deadline[64] ? '1 : deadline[63:0];
    end
    if (rst) state <= IDLE;
  end

  assign order_valid = state == ORDER;
  assign open_valid = state == OPEN;
  assign open_cookie = cookie;

  // The rest of the head and the time are filled in by command_executor.
  logic [511:0] own_completion;
  always_comb begin
    own_completion = '0;
    if (status == sapulse_pkg::STATUS_OK) begin
      own_completion[sapulse_pkg::DESC_PING_COMPLETION_TRANSACTION_LSB+:32] = transaction;
      own_completion[sapulse_pkg::DESC_PING_COMPLETION_N_LSB+:64] = n;
    end
  end

  logic forward;
  assign forward = state == FORWARD;
  assign sa_cmd_valid = forward && cmd_valid;
  assign sa_rsp_ready = forward && rsp_ready;
  assign cmd_ready = forward ? sa_cmd_ready : state == DONE;
  assign rsp_valid = forward ? sa_rsp_valid : state == RESPOND;
  assign rsp_status = forward ? sa_rsp_status : status;
  assign rsp_completion = forward ? sa_rsp_completion : own_completion;

  // Bytes that these commands do not have.
  logic unused_bytes;
  assign unused_bytes = ^cmd_descriptor;

  `SAPULSE_ASSERT(clk, rst, !(order_valid && !cmd_valid), "request_commands: the command was taken back before cmd_ready")

endmodule

`default_nettype wire
