// SPDX-License-Identifier: Apache-2.0
// Question for an SA's inbound key material, one a cycle; the key exactly sa_pkg::IN_KEY_LATENCY cycles later.
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle
/* verilator lint_off VARHIDDEN */  // an instance may have the name of a member

interface sa_key_if;
  logic valid, key_valid;
  sa_pkg::sa_t sa;
  sapulse_pkg::key_t key;

  modport client(output valid, sa, input key_valid, key);
  modport server(input valid, sa, output key_valid, key);
endinterface

/* verilator lint_on VARHIDDEN */
/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
