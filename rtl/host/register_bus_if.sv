// SPDX-License-Identifier: Apache-2.0
// One access to a register at a time.
//
// write, read              1 for one cycle, in which the access begins
// writing, address, wdata  stable from that cycle until the access is over; writing: it is a write
// hit, rdata               from a fixed number of cycles on (see axil_slave), and not before busy is 0: the register exists and
//                          allows this access; what it holds. Without a register at that address, both are 0.
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface register_bus_if;
  logic write, read, writing, hit, busy;
  logic [15:0] address;
  logic [31:0] wdata, rdata;

  modport manager(output write, read, writing, address, wdata, input hit, rdata, busy);
  modport subordinate(input write, read, writing, address, wdata, output hit, rdata, busy);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
