// SPDX-License-Identifier: Apache-2.0
// Hash of some bytes: the low WIDTH bits of their reflected CRC, most significant byte first, initial value 0, no final inversion.
// Combinational: each bit is the parity of some of the input's bits.
//
// POLYNOMIAL: reflected CRC polynomial (HASH_POLY_0 or HASH_POLY_1). BYTES: of the input. WIDTH: 1..32.
`default_nettype none

module crc_hash #(
    parameter logic [31:0] POLYNOMIAL = 32'h82f63b78,
    parameter int unsigned BYTES = 4,
    parameter int unsigned WIDTH = 9
) (
    input  wire  [8*BYTES-1:0] data,
    output logic [  WIDTH-1:0] hash
);

  // Element i: the input bits whose parity is bit i of the hash. The CRC is linear, so the CRC of each single bit tells.
  function automatic logic [WIDTH-1:0][8*BYTES-1:0] parity_masks(input logic [31:0] polynomial);
    logic [31:0] crc;
    for (int position = 0; position < 8 * BYTES; position++) begin
      crc = 32'd1 << (position % 8);
      for (int step = 0; step < 8 * (position / 8 + 1); step++) begin
        crc = (crc >> 1) ^ (crc[0] ? polynomial : 32'd0);
      end
      for (int i = 0; i < WIDTH; i++) parity_masks[i][position] = crc[i];
    end
  endfunction

  localparam logic [WIDTH-1:0][8*BYTES-1:0] MASKS = parity_masks(POLYNOMIAL);

  for (genvar i = 0; i < WIDTH; i++) begin : g_bit
    parity #(.WIDTH(8 * BYTES)) u_parity (.data(data & MASKS[i]), .odd(hash[i]));
  end

endmodule

`default_nettype wire
