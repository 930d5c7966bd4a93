// SPDX-License-Identifier: Apache-2.0
// Is an address one of the card's own? Result exactly two cycles later.
//
// table_valid, table_address: LOCAL_ADDRESSES entries, entry i at bits [128*i +: 128]; numbers, IPv4 as ::ffff:a.b.c.d.
`default_nettype none

module local_match (
    input wire clk,

    input wire [    sapulse_pkg::LOCAL_ADDRESSES-1:0] table_valid,
    input wire [128*sapulse_pkg::LOCAL_ADDRESSES-1:0] table_address,

    input  wire  [127:0] address,
    output logic         match
);

  localparam int unsigned ENTRIES = sapulse_pkg::LOCAL_ADDRESSES;
  // Each comparison is done in parts, so that a part is shallow logic.
  localparam int unsigned PART_BITS = 16;
  localparam int unsigned PARTS = 128 / PART_BITS;

  logic [ENTRIES-1:0] hit;

  for (genvar entry = 0; entry < ENTRIES; entry = entry + 1) begin : g_entry
    logic [PARTS-1:0] equal;
    for (genvar part = 0; part < PARTS; part = part + 1) begin : g_part
      always_ff @(posedge clk) begin
        equal[part] <= address[PART_BITS*part+:PART_BITS] == table_address[128*entry+PART_BITS*part+:PART_BITS];
      end
    end
    assign hit[entry] = table_valid[entry] && &equal;
  end

  always_ff @(posedge clk) match <= |hit;

endmodule

`default_nettype wire
