// SPDX-License-Identifier: Apache-2.0
// Writes to host memory for several requesters, one burst at a time, in turn. The next burst starts after the response to the
// last one, so what is written later is visible later.
//
// stop      no request is accepted (one that has been accepted is finished)
// error     for each failed burst
// aw, w, b  channels of the host bus; of b only the response
`include "sapulse_assert.svh"

`default_nettype none

module dma_write #(
    parameter int unsigned REQUESTERS = 3
) (
    input  wire  clk,
    input  wire  rst,
    input  wire  stop,
    output logic busy,

    dma_write_if.server          request[REQUESTERS],
    output host_pkg::dma_error_t error,

    stream_if.source aw,  // burst_t
    stream_if.source w,   // write_beat_t
    stream_if.sink   b    // its resp
);
  import host_pkg::*;

  // Bit 1 of a response: SLVERR or DECERR.
  localparam int unsigned RESP_ERROR = 1;
  localparam int unsigned INDEX_W = $clog2(REQUESTERS);

  logic active_q, done_failed_q;
  logic [INDEX_W-1:0] owner_q;  // of this burst, or of the last one
  write_beats_t left_q;  // beats that have not been taken yet

  logic [REQUESTERS-1:0] valid, done_q;
  logic [REQUESTERS-1:0][63:0] addresses;
  write_beats_t [REQUESTERS-1:0] lengths;
  beat_t [REQUESTERS-1:0] data;

  // The requester after the last owner has the highest priority.
  logic [INDEX_W-1:0] choice, candidate;
  always_comb begin
    choice = owner_q;
    candidate = owner_q;
    for (int i = 0; i < REQUESTERS; i++) begin
      if (valid[candidate]) choice = candidate;
      candidate = (candidate == '0) ? INDEX_W'(REQUESTERS - 1) : candidate - 1'b1;
    end
  end

  wire accept = !active_q && !stop && |valid;
  wire take = active_q && left_q != '0 && (!w.valid || w.ready);
  wire respond = b.valid && b.ready;
  wire [63:0] address = addresses[choice];
  write_beats_t beats;
  assign beats = lengths[choice];

  for (genvar i = 0; i < REQUESTERS; i++) begin : g_request
    assign valid[i] = request[i].valid;
    assign addresses[i] = request[i].address;
    assign lengths[i] = request[i].beats;
    assign data[i] = request[i].data;
    assign request[i].ready = accept && choice == INDEX_W'(i);
    assign request[i].take = take && owner_q == INDEX_W'(i);
    assign request[i].done = done_q[i];
    assign request[i].failed = done_failed_q;
    always_ff @(posedge clk) done_q[i] <= respond && owner_q == INDEX_W'(i) && !rst;
  end
  assign busy = active_q;
  assign b.ready = active_q && left_q == '0 && !aw.valid && !w.valid;

  always_ff @(posedge clk) begin
    if (rst) begin
      active_q <= 1'b0;
      owner_q <= '0;
      left_q <= '0;
      aw.valid <= 1'b0;
      w.valid <= 1'b0;
    end else begin
      if (accept) begin
        active_q <= 1'b1;
        owner_q <= choice;
        left_q <= beats;
      end else begin
        active_q <= active_q && !respond;
        left_q <= left_q - write_beats_t'(take);
      end
      aw.valid <= accept || (aw.valid && !aw.ready);
      w.valid <= take || (w.valid && !w.ready);
    end
  end

  always_ff @(posedge clk) begin
    if (accept) aw.data <= '{len: 8'(beats) - 8'd1, addr: address};
    if (take) w.data <= '{last: left_q == write_beats_t'(1), data: data[owner_q]};
    done_failed_q <= b.data[RESP_ERROR];
    error <= '{valid: respond && b.data[RESP_ERROR] && !rst, was_write: 1'b1, response: b.data, address: aw.data.addr};
  end

  `SAPULSE_ASSERT(clk, rst, !accept || (beats != '0 && beats <= write_beats_t'(BURST_BEATS)),
                  "request of no beats or of more than a burst")
  `SAPULSE_ASSERT(clk, rst, !accept || address[BEAT_SHIFT-1:0] == '0, "request not aligned to a beat")
  `SAPULSE_ASSERT(clk, rst, !accept || write_beats_t'(address[BEAT_SHIFT+:BURST_SHIFT]) + beats <= write_beats_t'(BURST_BEATS),
                  "burst leaves its block")

endmodule

`default_nettype wire
