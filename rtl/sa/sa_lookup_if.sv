// SPDX-License-Identifier: Apache-2.0
// Question of the data path to the SPI index, one a cycle; the result exactly sa_pkg::LOOKUP_LATENCY cycles later, in order.
//
// valid, spi    the question
// result_valid  the answer; found: the SPI is installed, as SA number sa; epoch: to hand to enter and leave of sa_tables
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface sa_lookup_if;
  logic valid, result_valid, found, epoch;
  logic [31:0] spi;
  sa_pkg::sa_t sa;

  modport client(output valid, spi, input result_valid, found, sa, epoch);
  modport server(input valid, spi, output result_valid, found, sa, epoch);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
