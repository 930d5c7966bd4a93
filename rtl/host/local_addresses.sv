// SPDX-License-Identifier: Apache-2.0
// Local IP addresses of the card: LOCAL_ADDRESS, five words per entry (four of the address, most significant first, VALID).
//
// valid, address  of all entries at once; IPv4 as ::ffff:a.b.c.d
// rdata           the word that `access` names, two cycles later
`default_nettype none

module local_addresses #(
    parameter int unsigned ENTRIES = 16
) (
    input  wire                       clk,
    input  wire                       rst,
    output logic [ENTRIES-1:0]        valid,
    output logic [ENTRIES-1:0][127:0] address,

    input  sapulse_pkg::local_address_access_t access,
    output logic [31:0]                        rdata
);

  for (genvar i = 0; i < ENTRIES; i++) begin : g_entry
    wire write = access.write && access.index == i;

    always_ff @(posedge clk) begin
      if (rst) begin
        valid[i] <= 1'b0;
        address[i] <= 128'h0;
      end else if (write) begin
        case (access.word)
          3'd0: address[i][127:96] <= access.wdata;
          3'd1: address[i][95:64] <= access.wdata;
          3'd2: address[i][63:32] <= access.wdata;
          3'd3: address[i][31:0] <= access.wdata;
          default: valid[i] <= access.wdata[0];
        endcase
      end
    end
  end

  // Two stages: entry, then word.
  logic [127:0] entry_q;
  logic entry_valid_q;

  always_ff @(posedge clk) begin
    entry_q <= address[access.index];
    entry_valid_q <= valid[access.index];
    case (access.word)
      3'd0: rdata <= entry_q[127:96];
      3'd1: rdata <= entry_q[95:64];
      3'd2: rdata <= entry_q[63:32];
      3'd3: rdata <= entry_q[31:0];
      default: rdata <= {31'h0, entry_valid_q};
    endcase
  end

endmodule

`default_nettype wire
