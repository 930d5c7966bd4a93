// SPDX-License-Identifier: Apache-2.0
// Fetches from sa_tables what the answers need, ahead of the packets themselves.
//
// DEPTH: SAs that can wait to be asked about (the caller has no more answers than that under way); CONTEXTS: contexts under way or
// waiting, enough to hide the latency of sa_tables.
// want: SA of an answer to come, without waiting. reply_ctx: in the order of the wants.
`default_nettype none
`include "sapulse_assert.svh"

module reply_contexts #(
    parameter int unsigned DEPTH = 16,
    parameter int unsigned CONTEXTS = 8
) (
    input wire clk,
    input wire rst,

    stream_if.sink       want,  // sa_t
    sa_context_if.client answer_context,
    stream_if.source     reply_ctx  // reply_ctx_t
);

  localparam int unsigned COUNT_W = $clog2(CONTEXTS) + 1;

  stream_if #(sa_pkg::sa_t) wanted ();
  stream_if #(sa_pkg::reply_ctx_t) fetched ();
  logic [COUNT_W-1:0] held;
  logic ask, take;

  assign answer_context.valid = wanted.valid && !held[COUNT_W-1];
  assign answer_context.sa = wanted.data;
  assign ask = answer_context.valid && answer_context.ready;
  assign take = reply_ctx.valid && reply_ctx.ready;

  always_ff @(posedge clk) begin
    if (ask != take) held <= ask ? held + 1'b1 : held - 1'b1;
    if (rst) held <= '0;
  end

  assign wanted.ready = ask;
  bypass_fifo #(.DEPTH(DEPTH)) u_wants (.clk, .rst, .in(want), .out(wanted));

  assign fetched.valid = answer_context.context_valid;
  assign fetched.data = answer_context.ctx;
  // Its first bit: usable.
  bypass_fifo #(.DEPTH(CONTEXTS), .SECRETS(1'b1), .HEAD_BITS(1)) u_contexts (.clk, .rst, .in(fetched), .out(reply_ctx));

  `SAPULSE_ASSERT(clk, rst, !want.valid || want.ready, "reply_contexts: more answers than DEPTH")
  `SAPULSE_ASSERT(clk, rst, !fetched.valid || fetched.ready, "reply_contexts: a context without room")

endmodule

`default_nettype wire
