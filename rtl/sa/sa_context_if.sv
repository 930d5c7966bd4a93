// SPDX-License-Identifier: Apache-2.0
// Question for the context of one message under an SA, which takes a control sequence number for ever; answers in order, without
// back-pressure. One may ask before it is known whether the message will be sent.
//
// valid, ready, sa    the question
// kept                sa_pkg::KEPT_LATENCY cycles after each question: the message will be sent; otherwise no number is taken, and
//                     no answer comes
// context_valid, ctx  the answer, sa_pkg::CONTEXT_LATENCY cycles after the question
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface sa_context_if;
  logic valid, ready, kept, context_valid;
  sa_pkg::sa_t sa;
  sa_pkg::reply_ctx_t ctx;

  modport client(output valid, sa, kept, input ready, context_valid, ctx);
  modport server(input valid, sa, kept, output ready, context_valid, ctx);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
