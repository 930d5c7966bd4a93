// SPDX-License-Identifier: Apache-2.0
// Where a frame has come from, as an exception of cause PEER_MOVED tells it. Combinational.
`default_nettype none

module place_encode (
    /* verilator lint_off UNUSEDSIGNAL */  // a place is not all of the record
    input  sapulse_pkg::record_t record,
    /* verilator lint_on UNUSEDSIGNAL */
    output sapulse_pkg::place_t  place
);

  // A message to there has the source of the frame as its destination.
  assign place = '{
    encapsulation: 8'(record.l4.encap),
    ipv6: 8'(record.l3.v6),
    tags: 8'(record.l2.tags),
    source_port: record.l4.dport,
    destination_port: record.l4.sport,
    tag0: record.l2.tag0,
    tag1: record.l2.tag1,
    destination_mac: sa_pkg::mac_bytes(record.l2.src),
    source_mac: sa_pkg::mac_bytes(record.l2.dst),
    source: sa_pkg::address_bytes(record.l3.dst),
    destination: sa_pkg::address_bytes(record.l3.src),
    default: '0
  };

endmodule

`default_nettype wire
