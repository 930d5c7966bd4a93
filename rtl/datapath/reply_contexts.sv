// SPDX-License-Identifier: Apache-2.0
// Fetches from sa_tables what the answers need, ahead of the packets themselves.
//
// DEPTH: SAs that can wait to be asked about (the caller has no more answers than that under way); CONTEXTS: contexts under way or
// waiting, enough to hide the latency of sa_tables.
// want_*: SA of an answer to come, no back-pressure. reply_*, ctx_*: sa_tables. context_*: in the order of the wants, valid/ready.
`default_nettype none
`include "sapulse_assert.svh"

module reply_contexts #(
    parameter int unsigned DEPTH = 16,
    parameter int unsigned CONTEXTS = 8
) (
    input wire clk,
    input wire rst,

    input wire                             want_valid,
    input wire [datapath_pkg::SA_BITS-1:0] want_sa,

    output logic                             reply_valid,
    input  wire                              reply_ready,
    output logic [datapath_pkg::SA_BITS-1:0] reply_sa,
    input  wire                              ctx_valid,
    input  sa_pkg::reply_ctx                 ctx,

    output logic             context_valid,
    input  wire              context_ready,
    output sa_pkg::reply_ctx context_data
);

  localparam int unsigned COUNT_W = $clog2(CONTEXTS) + 1;

  logic [COUNT_W-1:0] held;
  logic sa_valid, ask, take, want_room, context_room;

  assign reply_valid = sa_valid && !held[COUNT_W-1];
  assign ask = reply_valid && reply_ready;
  assign take = context_valid && context_ready;

  always_ff @(posedge clk) begin
    if (ask != take) held <= ask ? held + 1'b1 : held - 1'b1;
    if (rst) held <= '0;
  end

  sync_fifo #(
      .WIDTH(datapath_pkg::SA_BITS),
      .DEPTH(DEPTH)
  ) u_wants (
      .clk,
      .rst,
      .in_valid(want_valid),
      .in_ready(want_room),
      .in_data(want_sa),
      .out_valid(sa_valid),
      .out_ready(ask),
      .out_data(reply_sa)
  );

  sync_fifo #(
      .WIDTH($bits(ctx)),
      .DEPTH(CONTEXTS)
  ) u_contexts (
      .clk,
      .rst,
      .in_valid(ctx_valid),
      .in_ready(context_room),
      .in_data(ctx),
      .out_valid(context_valid),
      .out_ready(context_ready),
      .out_data(context_data)
  );

  `SAPULSE_ASSERT(clk, rst, !want_valid || want_room, "reply_contexts: more answers than DEPTH")
  `SAPULSE_ASSERT(clk, rst, !ctx_valid || context_room, "reply_contexts: a context without room")

endmodule

`default_nettype wire
