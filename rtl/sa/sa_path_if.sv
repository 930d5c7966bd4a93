// SPDX-License-Identifier: Apache-2.0
// The path of an SA: that of `sa`, exactly sa_pkg::PATH_LATENCY cycles later.
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle
/* verilator lint_off VARHIDDEN */  // an instance may have the name of a member

interface sa_path_if;
  sa_pkg::sa_t sa;
  sa_pkg::path_t path;

  modport client(output sa, input path);
  modport server(input sa, output path);
endinterface

/* verilator lint_on VARHIDDEN */
/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
