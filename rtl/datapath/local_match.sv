// SPDX-License-Identifier: Apache-2.0
// Is an address one of the card's own? Result exactly two cycles later.
//
// table_valid, table_address: the local addresses; numbers, IPv4 as ::ffff:a.b.c.d.
`default_nettype none

module local_match #(
    localparam int unsigned ENTRIES = sapulse_pkg::LOCAL_ADDRESSES
) (
    input wire clk,

    input  wire [ENTRIES-1:0]        table_valid,
    input  wire [ENTRIES-1:0][127:0] table_address,
    input  wire [127:0]              address,
    output logic                     match
);

  // Each comparison is done in parts, so that a part is shallow logic.
  localparam int unsigned PART_BITS = 16;
  localparam int unsigned PARTS = 128 / PART_BITS;

  logic [ENTRIES-1:0] hit;

  for (genvar entry = 0; entry < ENTRIES; entry++) begin : g_entry
    logic [PARTS-1:0] equal;
    for (genvar part = 0; part < PARTS; part++) begin : g_part
      always_ff @(posedge clk) begin
        equal[part] <= address[PART_BITS*part+:PART_BITS] == table_address[entry][PART_BITS*part+:PART_BITS];
      end
    end
    assign hit[entry] = table_valid[entry] && &equal;
  end

  always_ff @(posedge clk) match <= |hit;

endmodule

`default_nettype wire
