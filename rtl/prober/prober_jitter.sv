// SPDX-License-Identifier: Apache-2.0
// Part of an interval that is left out so that probes spread in time: interval * jitter * random >> 19, three cycles later; with
// whole, as if jitter were 256, so that it is any part of the interval.
//
// Of adders, four levels of logic a cycle: a product of a DSP block takes eight.
// Stages: 1 factor, 2 sums of its digits' multiples of the interval, 3 product.
`default_nettype none

module prober_jitter (
    input wire clk,

    input wire                                whole,
    input wire  [                        6:0] jitter,
    input wire  [prober_pkg::RANDOM_BITS-1:0] random,
    input wire  [                       29:0] interval,
    output logic [                      29:0] part
);

  localparam int unsigned RANDOM_W = prober_pkg::RANDOM_BITS;
  localparam int unsigned FACTOR_W = RANDOM_W + 8;
  localparam int unsigned DIGITS = (FACTOR_W + 1) / 2;

  // Multiples of random by the digits, of two bits each, of jitter, and sums of two of them. Here and below the low bits of a sum
  // that only one of the two has are no part of the addition.
  logic [RANDOM_W-1:0] single_0[0:7];
  logic [RANDOM_W+1:0] digit_0[0:3];
  logic [RANDOM_W+3:0] half_0[0:1];
  for (genvar i = 0; i < 8; i++) begin : g_single
    if (i < 7) assign single_0[i] = jitter[i] ? random : '0;
    else assign single_0[i] = '0;
  end
  for (genvar i = 0; i < 4; i++) begin : g_jitter_digit
    assign digit_0[i] = {(RANDOM_W + 1)'(single_0[2*i+1]) + (RANDOM_W + 1)'(single_0[2*i][RANDOM_W-1:1]), single_0[2*i][0]};
  end
  for (genvar i = 0; i < 2; i++) begin : g_half
    assign half_0[i] = {digit_0[2*i+1] + (RANDOM_W + 2)'(digit_0[2*i][RANDOM_W+1:2]), digit_0[2*i][1:0]};
  end

  logic [FACTOR_W-1:0] factor_1;
  logic [29:0] interval_1;
  logic [31:0] triple_1;
  always_ff @(posedge clk) begin
    factor_1 <= whole ? {random, 8'd0} : {half_0[1] + (RANDOM_W + 4)'(half_0[0][RANDOM_W+3:4]), half_0[0][3:0]};
    interval_1 <= interval;
    triple_1 <= 32'(interval) + {1'b0, interval, 1'b0};
  end

  logic [2*DIGITS-1:0] digits_1;
  logic [31:0] multiple_1[0:DIGITS-1];
  logic [33:0] pair_1[0:DIGITS/2-1];
  assign digits_1 = (2 * DIGITS)'(factor_1);
  for (genvar i = 0; i < DIGITS; i++) begin : g_multiple
    always_comb begin
      case (digits_1[2*i+:2])
        2'd0: multiple_1[i] = '0;
        2'd1: multiple_1[i] = 32'(interval_1);
        2'd2: multiple_1[i] = {1'b0, interval_1, 1'b0};
        default: multiple_1[i] = triple_1;
      endcase
    end
  end
  for (genvar i = 0; i < DIGITS / 2; i++) begin : g_pair
    assign pair_1[i] = {multiple_1[2*i+1] + 32'(multiple_1[2*i][31:2]), multiple_1[2*i][1:0]};
  end

  logic [37:0] low_2, middle_2;
  logic [33:0] high_2;
  always_ff @(posedge clk) begin
    low_2 <= {pair_1[1] + 34'(pair_1[0][33:4]), pair_1[0][3:0]};
    middle_2 <= {pair_1[3] + 34'(pair_1[2][33:4]), pair_1[2][3:0]};
    high_2 <= pair_1[4];
  end

  // Of the product's bits those below 16 are not needed: of them only what they carry.
  logic [37:0] lower_2;
  logic [33:0] product_2;
  assign lower_2 = middle_2 + 38'(low_2[37:8]);
  assign product_2 = high_2 + 34'(lower_2[37:8]);
  always_ff @(posedge clk) part <= product_2[32:3];

  wire unused = &{1'b0, low_2[7:0], lower_2[7:0], product_2[33], product_2[2:0]};

endmodule

`default_nettype wire
