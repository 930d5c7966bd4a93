// SPDX-License-Identifier: Apache-2.0
// request_commands of a card of 1024 SAs, with the order's members as ports.
`default_nettype none

module request_commands_bench (
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

    output logic         order_valid,
    input  wire          order_ready,
    output logic         order_raw,
    output logic [ 15:0] order_sa,
    output logic [ 31:0] order_transaction,
    output logic [ 13:0] order_length,
    output logic [  7:0] order_message,
    output logic [  7:0] order_code,
    output logic [383:0] order_body,
    output logic [  5:0] order_counter,
    input  wire          done_usable,
    input  wire  [ 63:0] done_n,
    input  wire  [ 63:0] done_t_origin,

    input  wire         free_valid,
    input  wire  [31:0] free_transaction,
    output logic        open_valid,
    input  wire         open_ready,
    output logic [15:0] open_sa,
    output logic [31:0] open_cookie,
    output logic [63:0] open_t_origin,
    output logic [63:0] open_deadline
);

  command_if command (), next ();
  stream_if #(requester_pkg::order_t) order ();
  stream_if #(requester_pkg::sent_ping_t) open ();

  assign command.cmd_valid = cmd_valid;
  assign cmd_ready = command.cmd_ready;
  assign command.descriptor = cmd_descriptor;
  assign rsp_valid = command.rsp_valid;
  assign command.rsp_ready = rsp_ready;
  assign rsp_status = command.status;
  assign rsp_completion = command.completion;

  assign sa_cmd_valid = next.cmd_valid;
  assign next.cmd_ready = sa_cmd_ready;
  assign next.rsp_valid = sa_rsp_valid;
  assign sa_rsp_ready = next.rsp_ready;
  assign next.status = sa_rsp_status;
  assign next.completion = sa_rsp_completion;

  assign order_valid = order.valid;
  assign order.ready = order_ready;
  assign {order_raw, order_sa, order_transaction, order_length, order_message, order_code, order_body, order_counter} = order.data;
  assign open_valid = open.valid;
  assign open.ready = open_ready;
  assign {open_sa, open_cookie, open_t_origin, open_deadline} = open.data;

  request_commands #(
      .SA_CAPACITY(1024)
  ) u_dut (
      .clk, .rst, .ready, .uptime,
      .command, .next,
      .order,
      .order_result('{usable: done_usable, n: done_n, t_origin: done_t_origin}),
      .free('{valid: free_valid, transaction: free_transaction}),
      .open
  );

endmodule

`default_nettype wire
