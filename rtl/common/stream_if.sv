// SPDX-License-Identifier: Apache-2.0
// A valid/ready stream by the rules of AXI4-Stream (section 2.2.1): a word moves in each cycle in which valid and ready are 1;
// valid does not wait for ready, and an offered word stays as it is until it is taken.
//
// T      type of a word
// WIDTH  its bits, for modules that take any stream
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface stream_if #(
    parameter type T = logic
);
  /* verilator lint_off UNUSEDPARAM */
  localparam int unsigned WIDTH = $bits(T);
  /* verilator lint_on UNUSEDPARAM */

  logic valid, ready;
  T data;

  modport source(output valid, data, input ready);
  modport sink(input valid, data, output ready);
  modport monitor(input valid, data, ready);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
