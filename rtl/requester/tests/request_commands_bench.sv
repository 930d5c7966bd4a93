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

  requester_pkg::order_t order;
  assign order_raw = order.raw;
  assign order_sa = order.sa;
  assign order_transaction = order.transaction;
  assign order_length = order.length;
  assign order_message = order.message;
  assign order_code = order.code;
  assign order_body = order.body;
  assign order_counter = order.counter;

  request_commands #(.SA_CAPACITY(1024)) dut (.*);

endmodule

`default_nettype wire
