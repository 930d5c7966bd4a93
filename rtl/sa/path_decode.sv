// SPDX-License-Identifier: Apache-2.0
// Takes the body of PATH_WRITE apart and checks it. Combinational.
//
// descriptor: byte i at bits [8i+7:8i]. path: numbers as numbers, as sapulse_types_pkg::header_job wants them.
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

  sapulse_pkg::path_write_t fields;
  assign fields = descriptor;

  assign path = '{
    valid: fields.valid[0],
    encapsulation: fields.encapsulation[1:0],
    ipv6: fields.ipv6[0],
    dscp: fields.dscp[5:0],
    tags: fields.tags[1:0],
    tag0: fields.tag0,
    tag1: fields.tag1,
    destination_mac: mac(fields.destination_mac),
    source_mac: mac(fields.source_mac),
    source: address(fields.source),
    destination: address(fields.destination),
    source_port: fields.source_port,
    destination_port: fields.destination_port,
    control_spi: fields.control_spi,
    reply_spi: fields.reply_spi
  };

  logic flag_bad, range_bad, spi_bad;
  assign flag_bad = fields.valid[7:1] != '0 || fields.ipv6[7:1] != '0;
  assign range_bad = fields.encapsulation > 8'd2 || fields.tags > 8'd2 || fields.dscp[7:6] != '0;
  assign spi_bad = fields.valid[0] && (fields.control_spi == '0 || fields.control_spi[31:8] != '0);
  assign bad = flag_bad || range_bad || spi_bad;

  wire unused = &{1'b0, fields};

endmodule

`default_nettype wire
