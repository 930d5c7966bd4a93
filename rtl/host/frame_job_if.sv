// SPDX-License-Identifier: Apache-2.0
// A frame in host memory that is to be sent.
//
// ready                   nothing is under way: the last frame has left
// start, address, length  one cycle, while ready: send the frame at `address` (a multiple of 64) with `length` bytes
// finished, status        one cycle: the frame is in the card, or will not be sent; STATUS_OK, STATUS_BAD_ARGUMENT (length outside
//                         14..MAX_FRAME_BYTES, bad address) or STATUS_DMA_ERROR
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface frame_job_if;
  logic start, ready, finished;
  logic [63:0] address;
  logic [15:0] length;
  logic [7:0] status;

  modport client(output start, address, length, input ready, finished, status);
  modport server(input start, address, length, output ready, finished, status);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
