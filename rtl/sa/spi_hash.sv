// SPDX-License-Identifier: Apache-2.0
// Bucket of an SPI in one bank of the index: the low WIDTH bits of a reflected CRC of the SPI's four bytes, most significant byte
// first, initial value 0, no final inversion. Combinational: each bit is the parity of some of the 32 SPI bits.
//
// POLYNOMIAL: reflected CRC polynomial (HASH_POLY_0 or HASH_POLY_1). WIDTH: 1..32.
`default_nettype none

module spi_hash #(
    parameter logic [31:0] POLYNOMIAL = 32'h82f63b78,
    parameter int unsigned WIDTH = 9
) (
    input  wire  [     31:0] spi,
    output logic [WIDTH-1:0] hash
);

  // Element i: the SPI bits whose parity is bit i of the hash. The CRC is linear, so the CRC of each single bit tells.
  function automatic logic [WIDTH-1:0][31:0] parity_masks(input logic [31:0] polynomial);
    logic [31:0] crc;
    for (int bit_of_spi = 0; bit_of_spi < 32; bit_of_spi++) begin
      crc = 32'd0;
      for (int octet = 3; octet >= 0; octet--) begin
        if (bit_of_spi / 8 == octet) crc = crc ^ (32'd1 << (bit_of_spi % 8));
        for (int step = 0; step < 8; step++) begin
          crc = (crc >> 1) ^ (crc[0] ? polynomial : 32'd0);
        end
      end
      for (int i = 0; i < WIDTH; i++) parity_masks[i][bit_of_spi] = crc[i];
    end
  endfunction

  localparam logic [WIDTH-1:0][31:0] MASKS = parity_masks(POLYNOMIAL);

  for (genvar i = 0; i < WIDTH; i++) begin : g_bit
    assign hash[i] = ^(spi & MASKS[i]);
  end

endmodule

`default_nettype wire
