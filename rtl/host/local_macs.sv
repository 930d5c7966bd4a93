// SPDX-License-Identifier: Apache-2.0
// MAC addresses of the card: LOCAL_MAC, two words per entry (the last four bytes; VALID and the first two).
//
// valid, mac  of all entries at once; numbers
// rdata       the word that `access` names, a cycle later
`default_nettype none

module local_macs #(
    parameter int unsigned ENTRIES = 4
) (
    input  wire                      clk,
    input  wire                      rst,
    output logic [ENTRIES-1:0]       valid,
    output logic [ENTRIES-1:0][47:0] mac,

    input  sapulse_pkg::local_mac_access_t access,
    output logic [31:0]                    rdata
);

  for (genvar i = 0; i < ENTRIES; i++) begin : g_entry
    wire write = access.write && access.index == i;

    always_ff @(posedge clk) begin
      if (write && !access.word) mac[i][31:0] <= access.wdata;
      if (write && access.word) {valid[i], mac[i][47:32]} <= {access.wdata[31], access.wdata[15:0]};
      if (rst) begin
        valid[i] <= 1'b0;
        mac[i] <= 48'h0;
      end
    end
  end

  wire high = access.word;
  always_ff @(posedge clk) rdata <= high ? {valid[access.index], 15'h0, mac[access.index][47:32]} : mac[access.index][31:0];

endmodule

`default_nettype wire
