// SPDX-License-Identifier: Apache-2.0
// Shares the reply port of sa_tables between answers and messages of the card's own; answers go first.
//
// answer_*, request_*: questions valid/ready, contexts (answer_ctx_valid, request_ctx_valid) in their order. reply_*, ctx_*: sa_tables.
`default_nettype none
`include "sapulse_assert.svh"

module context_mux (
    input wire clk,
    input wire rst,

    input  wire                              answer_valid,
    output logic                             answer_ready,
    input  wire  [datapath_pkg::SA_BITS-1:0] answer_sa,
    output logic                             answer_ctx_valid,
    input  wire                              request_valid,
    output logic                             request_ready,
    input  wire  [datapath_pkg::SA_BITS-1:0] request_sa,
    output logic                             request_ctx_valid,

    output logic                             reply_valid,
    input  wire                              reply_ready,
    output logic [datapath_pkg::SA_BITS-1:0] reply_sa,
    input  wire                              ctx_valid
);

  logic order_valid, order_room, for_request;

  assign answer_ready = reply_ready;
  assign request_ready = reply_ready && !answer_valid;
  assign reply_valid = answer_valid || request_valid;
  assign reply_sa = answer_valid ? answer_sa : request_sa;
  assign answer_ctx_valid = ctx_valid && !for_request;
  assign request_ctx_valid = ctx_valid && for_request;

  // As many as sa_tables has under way.
  sync_fifo #(
      .WIDTH(1),
      .DEPTH(8)
  ) u_order (
      .clk,
      .rst,
      .in_valid(reply_valid && reply_ready),
      .in_ready(order_room),
      .in_data(!answer_valid),
      .out_valid(order_valid),
      .out_ready(ctx_valid),
      .out_data(for_request)
  );

  `SAPULSE_ASSERT(clk, rst, !(reply_valid && reply_ready) || order_room, "context_mux: more questions than sa_tables answers")
  `SAPULSE_ASSERT(clk, rst, !ctx_valid || order_valid, "context_mux: a context that nobody has asked for")

endmodule

`default_nettype wire
