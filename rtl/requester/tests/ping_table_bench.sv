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
    input  wire  [63:0] open_t_origin,
    input  wire  [63:0] open_deadline,

    input  wire         reply_valid,
    output logic        reply_ready,
    input  wire  [15:0] reply_sa,
    input  wire  [31:0] reply_transaction,
    input  wire  [63:0] reply_n,
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
    output logic [63:0] event_n
);

  requester_pkg::reply_t reply;
  /* verilator lint_off UNUSEDSIGNAL */  // what a reply's event copies from the reply
  requester_pkg::event_t event_out;
  /* verilator lint_on UNUSEDSIGNAL */

  always_comb begin
    reply = '0;
    reply.sa = reply_sa;
    reply.transaction = reply_transaction;
    reply.n = reply_n;
  end
  assign event_kind = event_out.kind;
  assign event_sa = event_out.sa;
  assign event_cookie = event_out.cookie;
  assign event_transaction = event_out.transaction;
  assign event_t_origin = event_out.t_origin;
  assign event_n = event_out.n;

  ping_table #(.PINGS(16)) dut (.*);

endmodule

`default_nettype wire
