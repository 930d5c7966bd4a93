// SPDX-License-Identifier: Apache-2.0
// Request to write beats to host memory; at most one under way.
//
// valid, ready, address, beats  address: bytes, a multiple of a beat; beats: 1..host_pkg::BURST_BEATS, all inside one block of
//                               host_pkg::BURST_BYTES. May be withdrawn before it has been accepted.
// data, take                    the next beat, there as soon as the request is accepted; take moves on
// done                          one cycle, after the write response; failed: it was an error
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface dma_write_if;
  logic valid, ready, take, done, failed;
  logic [63:0] address;
  host_pkg::write_beats_t beats;
  host_pkg::beat_t data;

  modport client(output valid, address, beats, data, input ready, take, done, failed);
  modport server(input valid, address, beats, data, output ready, take, done, failed);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
