// SPDX-License-Identifier: Apache-2.0
// Ring of exceptions or events: a ring_writer that numbers its entries.
//
// BEATS       64-byte beats per entry, a power of two from 2 on
// LOG2_DEPTH  log2 of the entries that are buffered: enough to bridge the latency of host memory in a burst of entries
// COUNT_LSB   bit of the entry at which its number is filled in, 32 bits
//
// in        BEATS beats per entry, in_last with the last one
// the rest  see ring_writer
`include "sapulse_assert.svh"

`default_nettype none

module numbered_ring #(
    parameter int unsigned BEATS = 4,
    parameter int unsigned LOG2_DEPTH = 6,
    parameter int unsigned COUNT_LSB = 256
) (
    input  wire          clk,
    input  wire          rst,
    input  wire          run,
    input  wire          clear,
    output logic         idle,
    input  wire  [ 63:0] base,
    input  wire  [  3:0] log2,
    input  wire  [ 31:0] consumer,

    input  wire          in_valid,
    output logic         in_ready,
    input  wire  [511:0] in_data,
    input  wire          in_last,
    output logic         room,
    output logic [ 31:0] producer,
    output logic         written,
    output logic         implausible,

    output logic         request_valid,
    input  wire          request_ready,
    output logic [ 63:0] request_address,
    output logic [  4:0] request_beats,
    output logic [511:0] data,
    input  wire          data_take,
    input  wire          done,
    input  wire          done_failed
);
  localparam int unsigned LOG2_BEATS = $clog2(BEATS);
  localparam logic [LOG2_BEATS-1:0] COUNT_BEAT = LOG2_BEATS'(COUNT_LSB / 512);
  // A burst is at most 16 beats.
  localparam int unsigned LOG2_BATCH = 4 - LOG2_BEATS;

  logic [LOG2_BEATS-1:0] beat_q;
  logic [31:0] accepted;
  logic [511:0] numbered;

  always_comb begin
    numbered = in_data;
    if (beat_q == COUNT_BEAT) begin
      numbered[COUNT_LSB%512+:32] = accepted;
    end
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      beat_q <= '0;
    end else if (in_valid && in_ready) begin
      beat_q <= beat_q + 1'b1;
    end
  end

  ring_writer #(
      .BEATS     (BEATS),
      .LOG2_DEPTH(LOG2_DEPTH),
      .LOG2_BATCH(LOG2_BATCH)
  ) writer (
      .clk            (clk),
      .rst            (rst),
      .run            (run),
      .clear          (clear),
      .idle           (idle),
      .base           (base),
      .log2           (log2),
      .consumer       (consumer),
      .in_valid       (in_valid),
      .in_ready       (in_ready),
      .in_data        (numbered),
      .room           (room),
      .accepted       (accepted),
      .producer       (producer),
      .written        (written),
      .implausible    (implausible),
      .request_valid  (request_valid),
      .request_ready  (request_ready),
      .request_address(request_address),
      .request_beats  (request_beats),
      .data           (data),
      .data_take      (data_take),
      .done           (done),
      .done_failed    (done_failed)
  );

  `SAPULSE_ASSERT(clk, rst, !(in_valid && in_ready) || in_last == (&beat_q), "an entry has another number of beats")

  logic unused;
  assign unused = in_last;

endmodule

`default_nettype wire
