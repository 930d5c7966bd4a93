// SPDX-License-Identifier: Apache-2.0
// Tells when every frame that was looked up before a moment has left the card.
//
// Frames carry the epoch (one bit) of their lookup; the card counts the frames in flight of each epoch. A fence flips the epoch, waits
// until lookups of the old one must have entered (LOOKUP_LATENCY + ENTER_MARGIN cycles), then until its count is zero.
//
// enter, leave: up to ENTER_PORTS frames in, up to LEAVE_PORTS out a cycle; a frame leaves at least one cycle after it has entered.
// busy: frames in flight. fence_valid is held until fence_done, which is high for one cycle.
`default_nettype none
`include "sapulse_assert.svh"

module epoch_fence (
    input  wire                            clk,
    input  wire                            rst,
    output logic                           epoch,

    input  wire  [sa_pkg::ENTER_PORTS-1:0] enter_valid,
    input  wire  [sa_pkg::ENTER_PORTS-1:0] enter_epoch,
    input  wire  [sa_pkg::LEAVE_PORTS-1:0] leave_valid,
    input  wire  [sa_pkg::LEAVE_PORTS-1:0] leave_epoch,
    output logic                           busy,

    input  wire                            fence_valid,
    output logic                           fence_done
);

  localparam int unsigned COUNT_BITS = sa_pkg::COUNT_BITS;
  // Three more for the registers of the counters.
  localparam int unsigned SETTLE = sa_pkg::LOOKUP_LATENCY + sa_pkg::ENTER_MARGIN + 3;
  localparam int unsigned SETTLE_W = $clog2(SETTLE + 1);

  logic [1:0] in_flight;  // per epoch

  for (genvar e = 0; e < 2; e = e + 1) begin : gen_epoch
    logic [2:0] entering, entering_now, leaving, leaving_now;
    logic [COUNT_BITS-1:0] count;

    always_comb begin
      entering_now = 3'd0;
      for (int port = 0; port < sa_pkg::ENTER_PORTS; port = port + 1) begin
        if (enter_valid[port] && enter_epoch[port] == e[0]) entering_now = entering_now + 3'd1;
      end
      leaving_now = 3'd0;
      for (int port = 0; port < sa_pkg::LEAVE_PORTS; port = port + 1) begin
        if (leave_valid[port] && leave_epoch[port] == e[0]) leaving_now = leaving_now + 3'd1;
      end
    end

    always_ff @(posedge clk) begin
      entering <= entering_now;
      leaving <= leaving_now;
      count <= count + {{(COUNT_BITS - 3) {1'b0}}, entering} - {{(COUNT_BITS - 3) {1'b0}}, leaving};
      if (rst) begin
        entering <= 3'd0;
        leaving <= 3'd0;
        count <= {COUNT_BITS{1'b0}};
      end
    end

    assign in_flight[e] = entering != 3'd0 || count != {COUNT_BITS{1'b0}};

    `SAPULSE_ASSERT(clk, rst, count + {{(COUNT_BITS - 3) {1'b0}}, entering} >= {{(COUNT_BITS - 3) {1'b0}}, leaving},
                    "more frames left than entered")
    `SAPULSE_ASSERT(clk, rst, !(entering != 3'd0 && &count[COUNT_BITS-1:1]), "too many frames in flight to be counted")
  end

  assign busy = |enter_valid || in_flight != 2'b00;

  logic fencing;
  logic [SETTLE_W-1:0] settle;

  always_ff @(posedge clk) begin
    fence_done <= 1'b0;
    if (!fencing) begin
      if (fence_valid && !fence_done) begin
        fencing <= 1'b1;
        epoch <= !epoch;
        settle <= SETTLE[SETTLE_W-1:0];
      end
    end else if (settle != {SETTLE_W{1'b0}}) begin
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

  wire late = !fencing || settle == {SETTLE_W{1'b0}};
  `SAPULSE_ASSERT(clk, rst, !(|(enter_valid & (enter_epoch ^ {sa_pkg::ENTER_PORTS{epoch}})) && late),
                  "a frame of an old epoch entered later than ENTER_MARGIN allows")

endmodule

`default_nettype wire
