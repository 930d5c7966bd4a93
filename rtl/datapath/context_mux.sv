// SPDX-License-Identifier: Apache-2.0
// Shares the contexts of sa_tables between answers and messages of the card's own; answers go first.
`default_nettype none

module context_mux (
    input wire clk,

    sa_context_if.server answer,
    sa_context_if.server own,
    sa_context_if.client tables
);

  logic asks_own, own_kept, own_asked;  // asked, is kept, is answered now: a question for a message of the card's own

  assign tables.valid = answer.valid || own.valid;
  assign tables.sa = answer.valid ? answer.sa : own.sa;
  assign answer.ready = tables.ready;
  assign own.ready = tables.ready && !answer.valid;
  assign asks_own = !answer.valid;

  delay_line #(.CYCLES(sa_pkg::KEPT_LATENCY)) u_kept (.clk, .in(asks_own), .out(own_kept));
  delay_line #(.CYCLES(sa_pkg::CONTEXT_LATENCY)) u_asked (.clk, .in(asks_own), .out(own_asked));

  assign tables.kept = own_kept ? own.kept : answer.kept;
  assign answer.context_valid = tables.context_valid && !own_asked;
  assign own.context_valid = tables.context_valid && own_asked;
  assign answer.ctx = tables.ctx;
  assign own.ctx = tables.ctx;

endmodule

`default_nettype wire
