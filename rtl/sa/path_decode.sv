// SPDX-License-Identifier: Apache-2.0
// Takes the body of PATH_WRITE apart and checks it. Combinational.
//
// descriptor: byte i at bits [8i+7:8i]. path: numbers as numbers, as sapulse_pkg::header_job wants them.
// bad: a flag that is neither 0 nor 1, an unknown encapsulation, more than two tags, a DSCP of more than six bits; or, in a valid
// path, a control SPI that is not reserved.
`default_nettype none

module path_decode (
    input  wire [8*sapulse_pkg::COMMAND_BYTES-1:0] descriptor,
    output sa_pkg::path_t path,
    output logic          bad
);

  // Byte strings of the wire, as numbers.
  function automatic logic [47:0] mac(input logic [47:0] bytes);
    for (int i = 0; i < 6; i++) mac[8*i+:8] = bytes[8*(5-i)+:8];
  endfunction
  function automatic logic [127:0] address(input logic [127:0] bytes);
    for (int i = 0; i < 16; i++) address[8*i+:8] = bytes[8*(15-i)+:8];
  endfunction

  wire [7:0] valid_byte = descriptor[sapulse_pkg::DESC_PATH_WRITE_VALID_LSB+:8];
  wire [7:0] encapsulation_byte = descriptor[sapulse_pkg::DESC_PATH_WRITE_ENCAPSULATION_LSB+:8];
  wire [7:0] ipv6_byte = descriptor[sapulse_pkg::DESC_PATH_WRITE_IPV6_LSB+:8];
  wire [7:0] dscp_byte = descriptor[sapulse_pkg::DESC_PATH_WRITE_DSCP_LSB+:8];
  wire [7:0] tags_byte = descriptor[sapulse_pkg::DESC_PATH_WRITE_TAGS_LSB+:8];

  assign path.valid = valid_byte[0];
  assign path.encapsulation = encapsulation_byte[1:0];
  assign path.ipv6 = ipv6_byte[0];
  assign path.dscp = dscp_byte[5:0];
  assign path.tags = tags_byte[1:0];
  assign path.tag0 = descriptor[sapulse_pkg::DESC_PATH_WRITE_TAG0_LSB+:32];
  assign path.tag1 = descriptor[sapulse_pkg::DESC_PATH_WRITE_TAG1_LSB+:32];
  assign path.destination_mac = mac(descriptor[sapulse_pkg::DESC_PATH_WRITE_DESTINATION_MAC_LSB+:48]);
  assign path.source_mac = mac(descriptor[sapulse_pkg::DESC_PATH_WRITE_SOURCE_MAC_LSB+:48]);
  assign path.source = address(descriptor[sapulse_pkg::DESC_PATH_WRITE_SOURCE_LSB+:128]);
  assign path.destination = address(descriptor[sapulse_pkg::DESC_PATH_WRITE_DESTINATION_LSB+:128]);
  assign path.source_port = descriptor[sapulse_pkg::DESC_PATH_WRITE_SOURCE_PORT_LSB+:16];
  assign path.destination_port = descriptor[sapulse_pkg::DESC_PATH_WRITE_DESTINATION_PORT_LSB+:16];
  assign path.control_spi = descriptor[sapulse_pkg::DESC_PATH_WRITE_CONTROL_SPI_LSB+:32];
  assign path.reply_spi = descriptor[sapulse_pkg::DESC_PATH_WRITE_REPLY_SPI_LSB+:32];

  wire flag_bad = valid_byte[7:1] != 7'd0 || ipv6_byte[7:1] != 7'd0;
  wire range_bad = encapsulation_byte > 8'd2 || tags_byte > 8'd2 || dscp_byte[7:6] != 2'd0;
  wire spi_bad = valid_byte[0] && (path.control_spi == 32'd0 || path.control_spi[31:8] != 24'd0);
  assign bad = flag_bad || range_bad || spi_bad;

  wire unused = &{1'b0, descriptor};

endmodule

`default_nettype wire
