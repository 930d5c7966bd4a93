// SPDX-License-Identifier: Apache-2.0
// Request for beats of host memory; at most one under way.
//
// valid, ready, address, beats  address: bytes, a multiple of a beat; beats: at least 1. The client has room for all of them, and
//                               may withdraw what has not been accepted.
// data_valid, data              the beats in order, without back-pressure
// done                          one cycle after all beats; failed: at least one came with an error, the beats mean nothing
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface dma_read_if;
  logic valid, ready, data_valid, done, failed;
  logic [63:0] address;
  host_pkg::read_beats_t beats;
  host_pkg::beat_t data;

  modport client(output valid, address, beats, input ready, data_valid, data, done, failed);
  modport server(input valid, address, beats, output ready, data_valid, data, done, failed);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
