// SPDX-License-Identifier: Apache-2.0
// The path of an SA: that of `sa`, exactly sa_pkg::PATH_LATENCY cycles later. valid: it will be used.
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle
/* verilator lint_off VARHIDDEN */  // an instance may have the name of a member

interface sa_path_if;
  logic valid;
  sa_pkg::sa_t sa;
  sa_pkg::path_t path;

  modport client(output valid, sa, input path);
  modport server(input valid, sa, output path);
endinterface

/* verilator lint_on VARHIDDEN */
/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
