// SPDX-License-Identifier: Apache-2.0
// Question to the token buckets of the exceptions, answered in the same cycle.
//
// valid, cause  asks for a token of a sapulse_pkg::CAUSE_*
// grant         the question is looked at in this cycle; without it, it stands until it is
// pass          there is a token; it is taken when valid, grant and pass are 1
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface limit_if;
  logic valid, grant, pass;
  logic [4:0] cause;

  modport client(output valid, cause, input grant, pass);
  modport server(input valid, cause, output grant, pass);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
