// SPDX-License-Identifier: Apache-2.0
// FIFO for a source that cannot wait: it looks at room before it decides to put something in.
//
// T: type of a word; DEPTH: words, a power of two; BLOCK_RAM: see sync_fifo.
// room: what is decided in this cycle fits if it is put in at most two cycles later, and there is at most one decision in two
//   cycles.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module prober_queue #(
    parameter type T = logic,
    parameter int unsigned DEPTH = 16,
    parameter bit BLOCK_RAM = 1'b0
) (
    input wire clk,
    input wire rst,

    output logic room,
    input wire   in_valid,
    input wire T in,

    stream_if.source out,

    output logic fifo_fault
);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;

  stream_if #(T) put ();
  logic [COUNT_W-1:0] held;
  logic taken;

  assign put.valid = in_valid;
  assign put.data = in;
  assign taken = out.valid && out.ready;

  always_ff @(posedge clk) begin
    if (in_valid != taken) held <= in_valid ? held + 1'b1 : held - 1'b1;
    room <= held < COUNT_W'(DEPTH - 3);
    if (rst) begin
      held <= '0;
      room <= 1'b0;
    end
  end

  sync_fifo #(
      .DEPTH(DEPTH),
      .BLOCK_RAM(BLOCK_RAM)
  ) u_fifo (.clk, .rst, .in(put), .out, .fault(fifo_fault));

  `SAPULSE_ASSERT(clk, rst, !(in_valid && !put.ready), "prober_queue: a word was lost")

endmodule

`default_nettype wire
