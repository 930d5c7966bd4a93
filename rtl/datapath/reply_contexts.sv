// SPDX-License-Identifier: Apache-2.0
// Fetches from sa_tables what the answers need, ahead of the packets themselves.
//
// DEPTH: SAs that can wait to be asked about (the caller has no more answers than that under way); CONTEXTS: contexts under way or
// waiting, enough to hide the latency of sa_tables.
// want: SA of an answer to come, without waiting. hope: a want may come sa_pkg::ACCEPT_LATENCY cycles later; if sa_tables is free,
// it is asked at once, and told then whether the question is kept. reply_ctx: in the order of the wants.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module reply_contexts #(
    parameter int unsigned DEPTH = 16,
    parameter int unsigned CONTEXTS = 8
) (
    input wire clk,
    input wire rst,

    input wire sa_pkg::hope_t hope,
    stream_if.sink       want,  // sa_t
    sa_context_if.client answer_context,
    stream_if.source     reply_ctx,  // reply_ctx_t

    output logic fifo_fault
);

  logic [1:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  localparam int unsigned COUNT_W = $clog2(CONTEXTS) + 1;

  if (sa_pkg::ACCEPT_LATENCY != sa_pkg::KEPT_LATENCY) begin : g_latency
    $error("reply_contexts: a want comes when sa_tables must know of it");
  end

  stream_if #(sa_pkg::sa_t) late (), wanted ();
  stream_if #(sa_pkg::reply_ctx_t) fetched ();
  logic [COUNT_W-1:0] held;  // contexts asked for and not yet taken
  logic room, ask, early, hoped, given_up, take;

  // Those that could not be asked about early go first: answers come in the order of the wants.
  assign room = !held[COUNT_W-1];
  assign answer_context.valid = room && (wanted.valid || hope.valid);
  assign answer_context.sa = wanted.valid ? wanted.data : hope.sa;
  assign ask = answer_context.valid && answer_context.ready;
  assign early = ask && !wanted.valid;
  delay_line #(.CYCLES(sa_pkg::KEPT_LATENCY)) u_hoped (.clk, .in(early), .out(hoped));
  assign answer_context.kept = !hoped || want.valid;
  assign given_up = hoped && !want.valid;
  assign take = reply_ctx.valid && reply_ctx.ready;

  always_ff @(posedge clk) begin
    held <= held + COUNT_W'(ask) - COUNT_W'(take) - COUNT_W'(given_up);
    if (rst) held <= '0;
  end

  assign late.valid = want.valid && !hoped;
  assign late.data = want.data;
  assign want.ready = late.ready;
  assign wanted.ready = ask;
  bypass_fifo #(.DEPTH(DEPTH)) u_wants (.clk, .rst, .in(late), .out(wanted), .fault(fifo_faults[0]));

  assign fetched.valid = answer_context.context_valid;
  assign fetched.data = answer_context.ctx;
  // Its first bit: usable.
  bypass_fifo #(
      .DEPTH(CONTEXTS), .SECRETS(1'b1), .HEAD_BITS(1)
  ) u_contexts (.clk, .rst, .in(fetched), .out(reply_ctx), .fault(fifo_faults[1]));

  `SAPULSE_ASSERT(clk, rst, !want.valid || want.ready, "reply_contexts: more answers than DEPTH")
  `SAPULSE_ASSERT(clk, rst, !fetched.valid || fetched.ready, "reply_contexts: a context without room")

endmodule

`default_nettype wire
