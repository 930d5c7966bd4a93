// SPDX-License-Identifier: Apache-2.0
// Is an address one of a table? Result exactly two cycles later.
//
// WIDTH: bits of an address, a multiple of 16. ENTRIES: of the table.
// table_valid, table_address: the entries; numbers. IPv4 is ::ffff:a.b.c.d.
`default_nettype none

module address_match #(
    parameter int unsigned WIDTH = 128,
    parameter int unsigned ENTRIES = sapulse_pkg::LOCAL_ADDRESSES
) (
    input wire clk,

    input  wire [ENTRIES-1:0]            table_valid,
    input  wire [ENTRIES-1:0][WIDTH-1:0] table_address,
    input  wire [WIDTH-1:0]              address,
    output logic                         match
);

  // Each comparison is done in parts, so that a part is shallow logic.
  localparam int unsigned PART_BITS = 16;
  localparam int unsigned PARTS = WIDTH / PART_BITS;

  if (WIDTH % PART_BITS != 0) begin : g_width
    $error("address_match: WIDTH must be a multiple of 16");
  end

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
