// SPDX-License-Identifier: Apache-2.0
// Entries of a ring in host memory on their way there, as beats.
//
// room   one more entry than those handed over completely finds room in the ring, exact from the cycle after the last beat of the one
//        before. To be looked at once before the first beat of an entry, which is then accepted without waiting for the host. Without
//        room there is no waiting for it: the entry is to be dropped.
// valid, ready, beat  the entry
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface ring_entry_if;
  logic room, valid, ready;
  sapulse_pkg::payload_beat beat;

  modport source(output valid, beat, input room, ready);
  modport sink(input valid, beat, output room, ready);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
