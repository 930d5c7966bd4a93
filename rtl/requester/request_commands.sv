// SPDX-License-Identifier: Apache-2.0
// Carries out PING and SEND; every other command goes on.
//
// ready: everything behind this has been cleared. uptime: ns. command: of the host; next: those that are passed on, with the same
// descriptor. order, order_result: see request_start. free, open: see ping_table.
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

    command_if.server command,
    command_if.client next,

    stream_if.source                         order,  // order_t
    input wire requester_pkg::order_result_t order_result,
    input wire requester_pkg::free_t         free,
    stream_if.source                         open    // sent_ping_t
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);
  localparam logic [15:0] MAX_DATA = 16'(sapulse_pkg::ECHO_DATA_BYTES);
  localparam logic [15:0] MAX_BODY = 16'(sapulse_pkg::MESSAGE_BODY_BYTES);
  localparam logic [15:0] MIN_BODY = 16'd16;

  // PASS: the next one has the command, until its response has been taken; ORDER: request_start has the message; OPEN: the ping
  // table gets to know.
  enum logic [2:0] {IDLE, PASS, ORDER, OPEN, DONE, RESPOND} state;

  command_if own ();
  command_pass u_pass (.pass(state == PASS), .command, .own, .next);

  /* verilator lint_off UNUSEDSIGNAL */  // reserved bytes
  sapulse_pkg::ping_t ping;
  sapulse_pkg::send_t send;
  /* verilator lint_on UNUSEDSIGNAL */
  assign ping = own.descriptor;
  assign send = own.descriptor;

  logic is_ping, is_send, sa_bad, length_bad;
  logic [7:0] refusal;
  assign is_ping = ping.opcode == sapulse_pkg::OPCODE_PING;
  assign is_send = ping.opcode == sapulse_pkg::OPCODE_SEND;
  assign sa_bad = ping.sa[31:SA_W] != '0;
  assign length_bad = is_ping ? ping.length > MAX_DATA
                              : send.length < MIN_BODY || send.length > MAX_BODY || send.length[1:0] != 2'd0;

  always_comb begin
    refusal = sapulse_pkg::STATUS_OK;
    if (sa_bad) refusal = sapulse_pkg::STATUS_BAD_SA;
    else if (length_bad) refusal = sapulse_pkg::STATUS_BAD_ARGUMENT;
    else if (is_ping && !free.valid) refusal = sapulse_pkg::STATUS_BUSY;
  end

  always_comb begin
    order.data.raw = is_send;
    order.data.sa = ping.sa[15:0];
    order.data.length = is_ping ? ping.length[13:0] : send.length[13:0];
    order.data.body = send.body;
    if (is_ping) begin
      order.data.transaction = free.transaction;
      order.data.message = sapulse_pkg::TYPE_ECHO_REQUEST;
      order.data.code = 8'd0;
      order.data.counter = sapulse_pkg::COUNTER_REQUESTS;
    end else begin
      order.data.transaction = send.transaction;
      order.data.message = send.message;
      order.data.code = send.code;
      order.data.counter = sapulse_pkg::COUNTER_SENT;
    end
  end

  // Deadlines beyond the end of time are at the end of time.
  logic [64:0] deadline;
  assign deadline = {1'b0, uptime} + {1'b0, ping.timeout};

  logic [7:0] status;
  logic [31:0] transaction;
  logic [63:0] n;
  sapulse_pkg::ping_completion_t completion;

  always_ff @(posedge clk) begin
    case (state)
      IDLE:
      if (own.cmd_valid && ready) begin
        status <= refusal;
        n <= '0;
        if (!is_ping && !is_send) state <= PASS;
        else state <= refusal == sapulse_pkg::STATUS_OK ? ORDER : DONE;
      end
      PASS: if (next.rsp_valid && next.rsp_ready) state <= IDLE;
      ORDER:
      if (order.ready) begin
        if (order_result.usable) n <= order_result.n;
        else status <= sapulse_pkg::STATUS_UNUSABLE;
        state <= is_ping && order_result.usable ? OPEN : DONE;
      end
      OPEN: if (open.ready) state <= DONE;
      DONE: state <= RESPOND;
      default: if (own.rsp_ready) state <= IDLE;
    endcase
    if (state == IDLE) begin
      transaction <= order.data.transaction;
      open.data.sa <= ping.sa[15:0];
      open.data.cookie <= ping.cookie;
      open.data.timed <= ping.length >= 16'(sapulse_pkg::TELEMETRY_BYTES);
    end
    if (state == ORDER) begin
      open.data.t_origin <= order_result.t_origin;
      open.data.deadline <= deadline[64] ? '1 : deadline[63:0];
    end
    if (rst) state <= IDLE;
  end

  assign order.valid = state == ORDER;
  assign open.valid = state == OPEN;

  assign own.cmd_ready = state == DONE;
  assign own.rsp_valid = state == RESPOND;
  assign own.status = status;
  assign completion = '{transaction: transaction, n: n, default: '0};
  assign own.completion = status == sapulse_pkg::STATUS_OK ? completion : '0;

  `SAPULSE_ASSERT(clk, rst, !(order.valid && !own.cmd_valid), "request_commands: the command was taken back before cmd_ready")

endmodule

`default_nettype wire
