// SPDX-License-Identifier: Apache-2.0
// Beats on their way into a frame_fifo, whose writer may have to go on without waiting.
//
// valid, ready  a beat; ready says that there is room. A writer that cannot wait may write nevertheless: the beat is lost and takes
//               its frame with it.
// keep          this beat and those before it will be shown; so will be those that follow, which must have keep and room, too. A
//               frame whose last beat has no keep is taken back.
// half          half of the room, or more, is taken
// beat          ends with an axis_beat
// overflow      this frame has lost a beat or would lose one now, so it is taken back whatever keep says
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface frame_write_if #(
    parameter type T = sapulse_pkg::axis_beat
);
  logic valid, ready, keep, overflow, half;
  T beat;

  modport source(output valid, beat, keep, input ready, overflow, half);
  modport sink(input valid, beat, keep, output ready, overflow, half);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
