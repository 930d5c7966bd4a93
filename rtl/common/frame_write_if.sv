// SPDX-License-Identifier: Apache-2.0
// Beats on their way into a frame_fifo, whose writer may have to go on without waiting.
//
// valid, ready  a beat; ready says that there is room. A writer that cannot wait may write nevertheless: the beat is lost and takes
//               its frame with it.
// drop          with the last beat: the frame is taken back
// half          half of the room, or more, is taken
// overflow      this frame has lost a beat or would lose one now, so with the last beat it is dropped whatever drop says
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface frame_write_if;
  logic valid, ready, drop, overflow, half;
  sapulse_pkg::axis_beat beat;

  modport source(output valid, beat, drop, input ready, overflow, half);
  modport sink(input valid, beat, drop, output ready, overflow, half);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
