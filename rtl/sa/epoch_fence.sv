// SPDX-License-Identifier: Apache-2.0
// Tells when every frame that was looked up before a moment has left the card.
//
// Frames carry the epoch (one bit) of their lookup; the card counts the frames in flight of each epoch. A fence flips the epoch,
// waits until lookups of the old one must have entered, then until its count is zero.
//
// COUNT_BITS: frames in flight are at most 2**COUNT_BITS - 1. LATEST: cycles from a lookup until its frame must have entered.
// enter, leave: up to ENTER_PORTS frames in, up to LEAVE_PORTS out a cycle; a frame leaves at least one cycle after it has entered.
// busy: frames in flight. fence_valid is held until fence_done, which is high for one cycle.
`default_nettype none
`include "sapulse_assert.svh"

module epoch_fence #(
    parameter int unsigned COUNT_BITS = sa_pkg::COUNT_BITS,
    parameter int unsigned LATEST = sa_pkg::LOOKUP_LATENCY + sa_pkg::ENTER_MARGIN
) (
    input  wire  clk,
    input  wire  rst,
    output logic epoch,

    input  wire sa_pkg::passage_t [sa_pkg::ENTER_PORTS-1:0] enter,
    input  wire sa_pkg::passage_t [sa_pkg::LEAVE_PORTS-1:0] leave,
    output logic busy,

    input  wire  fence_valid,
    output logic fence_done
);

  // Three more for the registers of the counters.
  localparam int unsigned SETTLE = LATEST + 3;
  localparam int unsigned SETTLE_W = $clog2(SETTLE + 1);

  logic [1:0] in_flight;  // per epoch

  for (genvar e = 0; e < 2; e++) begin : g_epoch
    logic [2:0] entering, entering_now, leaving, leaving_now;
    logic [COUNT_BITS-1:0] count;

    always_comb begin
      entering_now = 3'd0;
      for (int port = 0; port < sa_pkg::ENTER_PORTS; port++) begin
        if (enter[port].valid && enter[port].epoch == e[0]) entering_now = entering_now + 3'd1;
      end
      leaving_now = 3'd0;
      for (int port = 0; port < sa_pkg::LEAVE_PORTS; port++) begin
        if (leave[port].valid && leave[port].epoch == e[0]) leaving_now = leaving_now + 3'd1;
      end
    end

    always_ff @(posedge clk) begin
      entering <= entering_now;
      leaving <= leaving_now;
      count <= count + COUNT_BITS'(entering) - COUNT_BITS'(leaving);
      if (rst) begin
        entering <= 3'd0;
        leaving <= 3'd0;
        count <= '0;
      end
    end

    assign in_flight[e] = entering != 3'd0 || count != '0;

    `SAPULSE_ASSERT(clk, rst, count + COUNT_BITS'(entering) >= COUNT_BITS'(leaving), "more frames left than entered")
    `SAPULSE_ASSERT(clk, rst, !(entering != 3'd0 && &count[COUNT_BITS-1:1]), "too many frames in flight to be counted")
  end

  // Any frame that enters now, and whether one of these is of the old epoch.
  logic entering_any, entering_old;
  always_comb begin
    entering_any = 1'b0;
    entering_old = 1'b0;
    for (int port = 0; port < sa_pkg::ENTER_PORTS; port++) begin
      entering_any |= enter[port].valid;
      entering_old |= enter[port].valid && enter[port].epoch != epoch;
    end
  end

  assign busy = entering_any || in_flight != 2'b00;

  logic fencing;
  logic [SETTLE_W-1:0] settle;

  always_ff @(posedge clk) begin
    fence_done <= 1'b0;
    if (!fencing) begin
      if (fence_valid && !fence_done) begin
        fencing <= 1'b1;
        epoch <= !epoch;
        settle <= SETTLE_W'(SETTLE);
      end
    end else if (settle != '0) begin
      settle <= settle - 1'b1;
    end else if (!in_flight[!epoch]) begin
      fencing <= 1'b0;
      fence_done <= 1'b1;
    end
    if (rst) begin
      epoch <= 1'b0;
      fencing <= 1'b0;
      fence_done <= 1'b0;
    end
  end

  `SAPULSE_ASSERT(clk, rst, !(entering_old && (!fencing || settle == '0)),
                  "a frame of an old epoch entered later than ENTER_MARGIN allows")

endmodule

`default_nettype wire
