// SPDX-License-Identifier: Apache-2.0
// parity of the low bits of data: of words that end within a fold, fill one, and fold once, twice and three times.
`default_nettype none

module parity_bench (
    input  wire [399:0] data,
    output wire [7:0]   odd
);

  parity #(.WIDTH(1)) u_1 (.data(data[0]), .odd(odd[0]));
  parity #(.WIDTH(6)) u_6 (.data(data[5:0]), .odd(odd[1]));
  parity #(.WIDTH(7)) u_7 (.data(data[6:0]), .odd(odd[2]));
  parity #(.WIDTH(34)) u_34 (.data(data[33:0]), .odd(odd[3]));
  parity #(.WIDTH(36)) u_36 (.data(data[35:0]), .odd(odd[4]));
  parity #(.WIDTH(37)) u_37 (.data(data[36:0]), .odd(odd[5]));
  parity #(.WIDTH(217)) u_217 (.data(data[216:0]), .odd(odd[6]));
  parity #(.WIDTH(400)) u_400 (.data, .odd(odd[7]));

endmodule

`default_nettype wire
