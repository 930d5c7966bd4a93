// SPDX-License-Identifier: Apache-2.0
// A packet asks the replay window of its SA (RFC 4303 section 3.4.3) when its verdict is about to come, so that the tables are read
// meanwhile; the verdict follows, two cycles later at the earliest. Questions, verdicts and answers are in one order.
//
// valid, ready, sa, n           the packet; source: where it has come from
// verdict_valid, verdict_ready  its verdict; ok: it is authentic and well-formed
// accept_valid                  the answer, without back-pressure, exactly sa_pkg::ACCEPT_LATENCY cycles after the verdict has been
//                               taken; accept: n is new; down: the SA is administratively down; moved: its path leads elsewhere
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface sa_window_if;
  logic valid, ready, verdict_valid, verdict_ready, ok, accept_valid, accept, down, moved;
  sa_pkg::sa_t sa;
  logic [63:0] n;
  sa_pkg::place_t source;

  modport client(
      output valid, sa, n, source, verdict_valid, ok,
      input ready, verdict_ready, accept_valid, accept, down, moved
  );
  modport server(
      input valid, sa, n, source, verdict_valid, ok,
      output ready, verdict_ready, accept_valid, accept, down, moved
  );
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
