// SPDX-License-Identifier: Apache-2.0
// ping_table of 16 pings with the structs' members that matter as ports.
`default_nettype none

module ping_table_bench (
    input  wire         clk,
    input  wire         rst,
    output logic        ready,
    input  wire  [63:0] uptime,

    output logic        free_valid,
    output logic [31:0] free_transaction,
    input  wire         open_valid,
    output logic        open_ready,
    input  wire  [15:0] open_sa,
    input  wire  [31:0] open_cookie,
    input  wire         open_timed,
    input  wire  [63:0] open_t_origin,
    input  wire  [63:0] open_deadline,

    input  wire         reply_valid,
    output logic        reply_ready,
    input  wire  [15:0] reply_sa,
    input  wire  [31:0] reply_transaction,
    input  wire  [63:0] reply_n,
    input  wire  [63:0] reply_t_origin,
    input  wire  [63:0] reply_token_nonce,
    output logic        result_valid,
    output logic [ 1:0] result,

    output logic        event_valid,
    input  wire         event_ready,
    input  wire         event_full,
    output logic [ 7:0] event_kind,
    output logic [15:0] event_sa,
    output logic [31:0] event_cookie,
    output logic [31:0] event_transaction,
    output logic [63:0] event_t_origin,
    output logic [63:0] event_n,
    output logic [63:0] event_token_nonce,

    output logic        fault_valid,
    output logic [16:0] fault_index
);

  requester_pkg::free_t free;
  requester_pkg::ping_verdict_t ping_verdict;
  stream_if #(requester_pkg::sent_ping_t) open ();
  stream_if #(requester_pkg::reply_t) ping_reply ();
  stream_if #(sapulse_pkg::event_t) ping_event ();

  assign {free_valid, free_transaction} = free;
  assign open.valid = open_valid;
  assign open_ready = open.ready;
  assign open.data = '{sa: open_sa, cookie: open_cookie, timed: open_timed, t_origin: open_t_origin, deadline: open_deadline};
  assign ping_reply.valid = reply_valid;
  assign reply_ready = ping_reply.ready;
  assign ping_reply.data = '{
      sa: reply_sa,
      transaction: reply_transaction,
      n: reply_n,
      t_origin: reply_t_origin,
      token_nonce: reply_token_nonce,
      default: '0
  };
  assign {result_valid, result} = ping_verdict;
  assign event_valid = ping_event.valid;
  assign ping_event.ready = event_ready;
  assign event_kind = ping_event.data.kind;
  assign event_sa = ping_event.data.sa[15:0];
  assign event_cookie = ping_event.data.cookie;
  assign event_transaction = ping_event.data.transaction;
  assign event_t_origin = ping_event.data.t_origin;
  assign event_n = ping_event.data.n;
  assign event_token_nonce = ping_event.data.token_nonce;

  sa_pkg::fault_t fault;
  assign {fault_valid, fault_index} = fault;

  ping_table #(.PINGS(16)) u_dut (.*, .fifo_fault());

endmodule

`default_nettype wire
