// SPDX-License-Identifier: Apache-2.0
// Shares the contexts of sa_tables between answers and messages of the card's own; answers go first.
`default_nettype none
`include "sapulse_assert.svh"

module context_mux (
    input wire clk,
    input wire rst,

    sa_context_if.server answer,
    sa_context_if.server own,
    sa_context_if.client tables
);

  stream_if #(logic) asking (), asked ();  // 1: for a message of the card's own

  assign tables.valid = answer.valid || own.valid;
  assign tables.sa = answer.valid ? answer.sa : own.sa;
  assign answer.ready = tables.ready;
  assign own.ready = tables.ready && !answer.valid;

  assign answer.context_valid = tables.context_valid && !asked.data;
  assign own.context_valid = tables.context_valid && asked.data;
  assign answer.ctx = tables.ctx;
  assign own.ctx = tables.ctx;

  // As many as sa_tables has under way.
  assign asking.valid = tables.valid && tables.ready;
  assign asking.data = !answer.valid;
  assign asked.ready = tables.context_valid;
  sync_fifo #(.DEPTH(8)) u_order (.clk, .rst, .in(asking), .out(asked));

  `SAPULSE_ASSERT(clk, rst, !asking.valid || asking.ready, "context_mux: more questions than sa_tables answers")
  `SAPULSE_ASSERT(clk, rst, !tables.context_valid || asked.valid, "context_mux: a context that nobody has asked for")

endmodule

`default_nettype wire
