// SPDX-License-Identifier: Apache-2.0
// An opened packet asks the replay window of its SA (RFC 4303 section 3.4.3); answers in order, without back-pressure, exactly
// sa_pkg::ACCEPT_LATENCY cycles later.
//
// valid, ready, sa, n  the packet; ok: it is authentic and well-formed; source: where it has come from
// accept_valid         the answer; accept: n is new; down: the SA is administratively down; moved: its path leads elsewhere
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface sa_window_if;
  logic valid, ready, ok, accept_valid, accept, down, moved;
  sa_pkg::sa_t sa;
  logic [63:0] n;
  sa_pkg::place_t source;

  modport client(output valid, sa, n, ok, source, input ready, accept_valid, accept, down, moved);
  modport server(input valid, sa, n, ok, source, output ready, accept_valid, accept, down, moved);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
