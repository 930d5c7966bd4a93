// SPDX-License-Identifier: Apache-2.0
// Takes the body of PATH_WRITE apart and checks it. Combinational.
//
// path: numbers as numbers, as sapulse_pkg::header_job wants them.
// bad: a flag that is neither 0 nor 1, an unknown encapsulation, more than two tags, a DSCP of more than six bits; or, in a valid
// path, a control SPI that is not reserved.
`default_nettype none

module path_decode (
    input  sapulse_pkg::path_write_t descriptor,
    output sa_pkg::path_t            path,
    output logic                     bad
);

  // Byte strings of the wire, as numbers.
  function automatic logic [47:0] mac(input logic [47:0] bytes);
    for (int i = 0; i < 6; i++) mac[8*i+:8] = bytes[8*(5-i)+:8];
  endfunction
  function automatic logic [127:0] address(input logic [127:0] bytes);
    for (int i = 0; i < 16; i++) address[8*i+:8] = bytes[8*(15-i)+:8];
  endfunction

  assign path.valid = descriptor.valid[0];
  assign path.encapsulation = descriptor.encapsulation[1:0];
  assign path.ipv6 = descriptor.ipv6[0];
  assign path.dscp = descriptor.dscp[5:0];
  assign path.tags = descriptor.tags[1:0];
  assign path.tag0 = descriptor.tag0;
  assign path.tag1 = descriptor.tag1;
  assign path.destination_mac = mac(descriptor.destination_mac);
  assign path.source_mac = mac(descriptor.source_mac);
  assign path.source = address(descriptor.source);
  assign path.destination = address(descriptor.destination);
  assign path.source_port = descriptor.source_port;
  assign path.destination_port = descriptor.destination_port;
  assign path.control_spi = descriptor.control_spi;
  assign path.reply_spi = descriptor.reply_spi;

  wire flag_bad = descriptor.valid[7:1] != 7'd0 || descriptor.ipv6[7:1] != 7'd0;
  wire range_bad = descriptor.encapsulation > 8'(sapulse_pkg::ENCAP_AH) || descriptor.tags > 8'(sapulse_pkg::VLAN_TAGS_MAX)
      || descriptor.dscp[7:6] != 2'd0;
  wire spi_bad = descriptor.valid[0] && (path.control_spi == 32'd0 || path.control_spi[31:8] != 24'd0);
  assign bad = flag_bad || range_bad || spi_bad;

  wire unused = &{1'b0, descriptor};

endmodule

`default_nettype wire
