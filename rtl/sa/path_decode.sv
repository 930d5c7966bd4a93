// SPDX-License-Identifier: Apache-2.0
// Takes the body of PATH_WRITE apart and checks it. Combinational.
//
// path: as sapulse_pkg::header_job wants it: numbers as numbers, the token nonce as a byte string.
// bad: a flag that is neither 0 nor 1, an unknown encapsulation, more than two tags, a DSCP of more than six bits; or, in a valid
// path, a control SPI that is not reserved.
`default_nettype none

module path_decode (
    input  sapulse_pkg::path_write_t descriptor,
    output sa_pkg::path_t            path,
    output logic                     bad
);

  assign path.valid = descriptor.valid[0];
  assign path.encapsulation = descriptor.encapsulation[1:0];
  assign path.ipv6 = descriptor.ipv6[0];
  assign path.dscp = descriptor.dscp[5:0];
  assign path.tags = descriptor.tags[1:0];
  assign path.tag0 = descriptor.tag0;
  assign path.tag1 = descriptor.tag1;
  assign path.destination_mac = sa_pkg::mac_bytes(descriptor.destination_mac);
  assign path.source_mac = sa_pkg::mac_bytes(descriptor.source_mac);
  assign path.source = sa_pkg::address_bytes(descriptor.source);
  assign path.destination = sa_pkg::address_bytes(descriptor.destination);
  assign path.source_port = descriptor.source_port;
  assign path.destination_port = descriptor.destination_port;
  assign path.control_spi = descriptor.control_spi;
  assign path.token_nonce = descriptor.token_nonce;

  wire flag_bad = descriptor.valid[7:1] != 7'd0 || descriptor.ipv6[7:1] != 7'd0;
  wire range_bad = descriptor.encapsulation > 8'(sapulse_pkg::ENCAP_AH) || descriptor.tags > 8'(sapulse_pkg::VLAN_TAGS_MAX)
      || descriptor.dscp[7:6] != 2'd0;
  wire spi_bad = descriptor.valid[0] && (path.control_spi == 32'd0 || path.control_spi[31:8] != 24'd0);
  assign bad = flag_bad || range_bad || spi_bad;

  wire unused = &{1'b0, descriptor};

endmodule

`default_nettype wire
