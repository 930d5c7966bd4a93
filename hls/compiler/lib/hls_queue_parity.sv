// SPDX-License-Identifier: Apache-2.0
// Parity of the words of a queue, beside it: made when a word enters, looked at when it leaves, so that it covers all that is in
// between. Behind registers: one LUT stands behind what enters, none in front of what uses the word that leaves.
`default_nettype none

module hls_queue_parity #(
    parameter integer WIDTH = 8,  // bits of a word
    parameter integer DEPTH = 16  // words, a power of two: as many as can be in the queue
) (
    input  wire             clk,
    input  wire             rst_n,  // synchronous, active low
    input  wire             enter,  // wdata enters
    input  wire [WIDTH-1:0] wdata,
    input  wire             leave,  // tdata leaves, in the cycle in which it has entered at the earliest
    input  wire [WIDTH-1:0] tdata,
    output reg              fault   // the word that left three cycles ago had an odd number of flipped bits, or its parity bit
);
  localparam integer ABITS = $clog2(DEPTH);
  localparam integer SIXTH = (WIDTH + 5) / 6;
  localparam integer GROUPS = (SIXTH + 5) / 6;

  (* ram_style = "distributed" *) reg [0:0] mem[0:DEPTH-1];  // with a width, so that tests can tell words from bits
  reg [ABITS-1:0]  entering;  // numbers of the words
  reg [ABITS-1:0]  leaving;
  reg [ABITS-1:0]  entered_number;
  reg [ABITS-1:0]  left_number;
  reg [ABITS-1:0]  summed_number;
  reg [SIXTH-1:0]  entered_sums;
  reg [GROUPS-1:0] left_sums;
  reg              entered, left, summed, odd;

  // Sums lay the sixths of a word on each other, which is few operations in simulation, and one LUT a bit.
  wire [6*SIXTH-1:0] wdata_bits = {{6*SIXTH-WIDTH{1'b0}}, wdata};
  wire [6*SIXTH-1:0] tdata_bits = {{6*SIXTH-WIDTH{1'b0}}, tdata};
  wire [SIXTH-1:0] wdata_sums = wdata_bits[0+:SIXTH] ^ wdata_bits[SIXTH+:SIXTH] ^ wdata_bits[2*SIXTH+:SIXTH]
      ^ wdata_bits[3*SIXTH+:SIXTH] ^ wdata_bits[4*SIXTH+:SIXTH] ^ wdata_bits[5*SIXTH+:SIXTH];
  wire [SIXTH-1:0] tdata_sums = tdata_bits[0+:SIXTH] ^ tdata_bits[SIXTH+:SIXTH] ^ tdata_bits[2*SIXTH+:SIXTH]
      ^ tdata_bits[3*SIXTH+:SIXTH] ^ tdata_bits[4*SIXTH+:SIXTH] ^ tdata_bits[5*SIXTH+:SIXTH];
  wire [6*GROUPS-1:0] tdata_sum_bits = {{6*GROUPS-SIXTH{1'b0}}, tdata_sums};
  wire [GROUPS-1:0] tdata_groups = tdata_sum_bits[0+:GROUPS] ^ tdata_sum_bits[GROUPS+:GROUPS] ^ tdata_sum_bits[2*GROUPS+:GROUPS]
      ^ tdata_sum_bits[3*GROUPS+:GROUPS] ^ tdata_sum_bits[4*GROUPS+:GROUPS] ^ tdata_sum_bits[5*GROUPS+:GROUPS];

  // The sums outlive the words no longer than the registers do that the words come from.
  always @(posedge clk) begin
    entered_sums <= wdata_sums;
    entered_number <= entering;
    if (entered) mem[entered_number] <= ^entered_sums;
    left_sums <= tdata_groups;
    left_number <= leaving;
    odd <= ^left_sums;
    summed_number <= left_number;
  end

  always @(posedge clk) begin
    if (!rst_n) begin
      entering <= 0;
      leaving  <= 0;
      entered  <= 1'b0;
      left     <= 1'b0;
      summed   <= 1'b0;
      fault    <= 1'b0;
    end else begin
      if (enter) entering <= entering + 1'b1;
      if (leave) leaving <= leaving + 1'b1;
      entered <= enter;
      left    <= leave;
      summed  <= left;
      fault   <= summed & (odd != mem[summed_number]);
    end
  end
endmodule

`default_nettype wire
