// SPDX-License-Identifier: Apache-2.0
// The module functions of open and seal once more, for proofs: as FIPS 197 and textbooks say it, without tables and short cuts.
// Byte i of the state and of keys is bits [8*i+7 : 8*i], row i mod 4 of column i / 4 (FIPS 197 figure 3).
`default_nettype none

// SubBytes (FIPS 197 section 5.1.1): the inverse in GF(2^8), which is the power 254, then an affine transformation.
module sub_byte (
    input  wire [7:0] argument_0,
    output wire [7:0] result
);
  // Multiplication in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (section 4.2).
  function automatic [7:0] times(input [7:0] a, input [7:0] b);
    reg [14:0] product;
    integer i;
    product = 15'h0;
    for (i = 0; i < 8; i = i + 1) product = product ^ (b[i] ? {7'h0, a} << i : 15'h0);
    for (i = 14; i >= 8; i = i - 1) product = product ^ (product[i] ? 15'h11b << (i - 8) : 15'h0);
    times = product[7:0];
  endfunction

  wire [7:0] power_2 = times(argument_0, argument_0);
  wire [7:0] power_4 = times(power_2, power_2);
  wire [7:0] power_8 = times(power_4, power_4);
  wire [7:0] power_16 = times(power_8, power_8);
  wire [7:0] power_32 = times(power_16, power_16);
  wire [7:0] power_64 = times(power_32, power_32);
  wire [7:0] power_128 = times(power_64, power_64);
  wire [7:0] b = times(times(times(power_2, power_4), times(power_8, power_16)),
                       times(power_128, times(power_32, power_64)));
  assign result = b ^ {b[3:0], b[7:4]} ^ {b[4:0], b[7:5]} ^ {b[5:0], b[7:6]} ^ {b[6:0], b[7]} ^ 8'h63;
endmodule

// The S-box in the low byte, and that times x in the high one (section 4.2.1).
module sub_byte_and_twice (
    input  wire [7:0]  argument_0,
    output wire [15:0] result
);
  wire [7:0] once;
  sub_byte u_sub_byte (.argument_0, .result(once));
  assign result = {{once[6:0], 1'b0} ^ (once[7] ? 8'h1b : 8'h00), once};
endmodule

// SubBytes, ShiftRows, MixColumns, AddRoundKey (sections 5.1.1 to 5.1.4).
module aes_round_steps #(
    parameter MIX = 1
) (
    input  wire [127:0] state,
    input  wire [127:0] round_key,
    output wire [127:0] result
);
  // {02}, {03} times a byte (section 4.2.1)
  function automatic [7:0] twice(input [7:0] a);
    twice = {a[6:0], 1'b0} ^ (a[7] ? 8'h1b : 8'h00);
  endfunction
  function automatic [7:0] thrice(input [7:0] a);
    thrice = twice(a) ^ a;
  endfunction

  wire [127:0] substituted, shifted, mixed;
  genvar r, c;
  generate
    for (c = 0; c < 4; c = c + 1) begin : g_column
      for (r = 0; r < 4; r = r + 1) begin : g_row
        sub_byte u_sub_byte (
            .argument_0(state[8*(4*c+r)+:8]),
            .result(substituted[8*(4*c+r)+:8])
        );
        // row r moves r places to the left
        assign shifted[8*(4*c+r)+:8] = substituted[8*(4*((c+r)%4)+r)+:8];
      end
      wire [7:0] s0 = shifted[32*c+:8], s1 = shifted[32*c+8+:8], s2 = shifted[32*c+16+:8], s3 = shifted[32*c+24+:8];
      assign mixed[32*c+:8] = twice(s0) ^ thrice(s1) ^ s2 ^ s3;
      assign mixed[32*c+8+:8] = s0 ^ twice(s1) ^ thrice(s2) ^ s3;
      assign mixed[32*c+16+:8] = s0 ^ s1 ^ twice(s2) ^ thrice(s3);
      assign mixed[32*c+24+:8] = thrice(s0) ^ s1 ^ s2 ^ twice(s3);
    end
  endgenerate
  assign result = (MIX ? mixed : shifted) ^ round_key;
endmodule

module aes_round (
    input  wire [127:0] argument_0,  // state
    input  wire [127:0] argument_1,  // round key
    output wire [127:0] result
);
  aes_round_steps u_steps (.state(argument_0), .round_key(argument_1), .result(result));
endmodule

module last_aes_round (
    input  wire [127:0] argument_0,  // state
    input  wire [127:0] argument_1,  // round key
    output wire [127:0] result
);
  aes_round_steps #(.MIX(0)) u_steps (.state(argument_0), .round_key(argument_1), .result(result));
endmodule

// A round, or the state of another block.
module aes_round_or (
    input  wire [127:0] argument_0,  // state
    input  wire [127:0] argument_1,  // round key
    input  wire         argument_2,  // another block enters
    input  wire [127:0] argument_3,  // its state
    output wire [127:0] result
);
  wire [127:0] next;
  aes_round_steps u_steps (.state(argument_0), .round_key(argument_1), .result(next));
  assign result = argument_2 ? argument_3 : next;
endmodule

// The sums of words up to each one.
module sums_of_words (
    input  wire [127:0] argument_0,
    output wire [127:0] result
);
  wire [31:0] w0 = argument_0[31:0];
  wire [31:0] w1 = argument_0[63:32] ^ w0;
  wire [31:0] w2 = argument_0[95:64] ^ w1;
  wire [31:0] w3 = argument_0[127:96] ^ w2;
  assign result = {w3, w2, w1, w0};
endmodule

// Four words of KeyExpansion (section 5.2): w[i] = w[i - Nk] + what w[i - 1] becomes. Of the three behind the first one, each
// is the sum of those of Nk words before up to it, and of what the first one has got.
module next_round_key (
    input  wire [127:0] argument_0,  // w[i - 8] to w[i - 5]
    input  wire [127:0] argument_1,  // w[i - 4] to w[i - 1]
    input  wire         argument_2,  // Nk is 8, not 4
    input  wire         argument_3,  // RotWord
    input  wire [7:0]   argument_4,  // Rcon
    output wire [127:0] result
);
  wire [31:0] last = argument_1[127:96];
  wire [31:0] substituted;
  genvar i;
  generate
    for (i = 0; i < 4; i = i + 1) begin : g_byte
      sub_byte u_sub_byte (.argument_0(last[8*i+:8]), .result(substituted[8*i+:8]));
    end
  endgenerate
  // RotWord takes the first byte behind the last one
  wire [31:0] rotated = argument_3 ? {substituted[7:0], substituted[31:8]} : substituted;
  wire [127:0] older, newer;
  sums_of_words u_older (.argument_0(argument_0), .result(older));
  sums_of_words u_newer (.argument_0(argument_1), .result(newer));
  assign result = (argument_2 ? older : newer) ^ {4{rotated ^ {24'h0, argument_4}}};
endmodule

// The sum of the products of polynomials over GF(2), row by row.
module sum_of_products (
    input  wire [127:0] argument_0,
    input  wire [127:0] argument_1,
    input  wire [127:0] argument_2,
    input  wire [127:0] argument_3,
    input  wire [127:0] argument_4,
    input  wire [127:0] argument_5,
    input  wire [127:0] argument_6,
    input  wire [127:0] argument_7,
    output reg  [254:0] result
);
  integer i;
  always @* begin
    result = 255'h0;
    for (i = 0; i < 128; i = i + 1) begin
      result[i+:128] = result[i+:128] ^ (argument_0 & {128{argument_1[i]}}) ^ (argument_2 & {128{argument_3[i]}})
          ^ (argument_4 & {128{argument_5[i]}}) ^ (argument_6 & {128{argument_7[i]}});
    end
  end
endmodule

`default_nettype wire
