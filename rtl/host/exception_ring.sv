// SPDX-License-Identifier: Apache-2.0
// Ring of exceptions: a ring_writer of four beats per entry that numbers the exceptions.
//
// in        four beats per exception, in_last with the fourth; bytes of the field count are replaced
// the rest  see ring_writer
`include "sapulse_assert.svh"

`default_nettype none

module exception_ring (
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
  localparam int unsigned BEATS = sapulse_pkg::EXCEPTION_BYTES / 64;
  // 64 exceptions, 256 beats: half the depth of a block RAM. Bridges the latency of host memory in a burst of exceptions.
  localparam int unsigned LOG2_DEPTH = 6;

  logic [1:0] beat_q;
  logic [31:0] accepted;
  logic [511:0] numbered;

  always_comb begin
    numbered = in_data;
    if (beat_q == 2'd0) begin
      numbered[sapulse_pkg::DESC_EXCEPTION_COUNT_LSB+:32] = accepted;
    end
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      beat_q <= 2'd0;
    end else if (in_valid && in_ready) begin
      beat_q <= beat_q + 2'd1;
    end
  end

  ring_writer #(
      .BEATS     (BEATS),
      .LOG2_DEPTH(LOG2_DEPTH),
      .LOG2_BATCH(2)
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

  `SAPULSE_ASSERT(clk, rst, !(in_valid && in_ready) || in_last == (beat_q == 2'd3), "an exception has four beats")

  logic unused;
  assign unused = in_last;

endmodule

`default_nettype wire
