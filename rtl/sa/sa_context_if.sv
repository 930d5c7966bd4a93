// SPDX-License-Identifier: Apache-2.0
// Question for the context of one message under an SA, which takes a control sequence number for ever; answers in order, without
// back-pressure.
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface sa_context_if;
  logic valid, ready, context_valid;
  sa_pkg::sa_t sa;
  sa_pkg::reply_ctx_t ctx;

  modport client(output valid, sa, input ready, context_valid, ctx);
  modport server(input valid, sa, output ready, context_valid, ctx);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
