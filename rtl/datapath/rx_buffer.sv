// SPDX-License-Identifier: Apache-2.0
// Holds the frames of the line side back until their decisions are there. Every beat stays LATENCY cycles at least, so a frame that
// arrives without gaps leaves without gaps and always after the same time, however long it is.
//
// LATENCY: cycles from the first beat in to the first beat out: at least what classify and policy take for a frame of three beats
// or more; with less a frame waits for its decision all the same, but the delay of the pass path varies.
// DEPTH: beats, a power of two.
// sums, fault: see customer_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module rx_buffer #(
    parameter int unsigned DEPTH = 64,
    parameter int unsigned LATENCY = 24
) (
    input wire clk,
    input wire rst,

    stream_if.sink   in,  // axis_beat, as the next
    stream_if.source out,

    output datapath_pkg::sums_t sums,
    output logic                fault
);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;

  if (LATENCY < 4 || LATENCY + 4 > DEPTH) begin : g_latency
    $error("rx_buffer: LATENCY must be at least that of block RAM, and leave room in DEPTH");
  end

  stream_if #(sapulse_pkg::axis_beat) stored ();
  logic push, pop, any_ripe;
  logic [LATENCY-2:0] age;        // bit i: a beat came in i + 1 cycles ago
  logic [COUNT_W-1:0] ripe;       // beats old enough to leave

  assign push = in.valid && in.ready;
  assign pop = out.valid && out.ready;
  assign out.valid = stored.valid && any_ripe;
  assign out.data = stored.data;
  assign stored.ready = out.ready && any_ripe;

  always_ff @(posedge clk) begin
    age <= {age[LATENCY-3:0], push};
    if (age[LATENCY-2] != pop) begin
      ripe <= age[LATENCY-2] ? ripe + 1'b1 : ripe - 1'b1;
      any_ripe <= age[LATENCY-2] || ripe != COUNT_W'(1);
    end
    if (rst) begin
      age <= '0;
      any_ripe <= 1'b0;
      ripe <= '0;
    end
  end

  customer_fifo #(.DEPTH(DEPTH)) u_fifo (.clk, .rst, .in, .out(stored), .sums, .fault);

  `SAPULSE_ASSERT(clk, rst, any_ripe == (ripe != '0), "rx_buffer: any_ripe is wrong")
  `SAPULSE_ASSERT(clk, rst, ripe == '0 || stored.valid, "rx_buffer: more beats are ripe than stored")

endmodule

`default_nettype wire
