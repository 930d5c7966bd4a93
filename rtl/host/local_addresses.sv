// SPDX-License-Identifier: Apache-2.0
// Local IP addresses of the card: REG_LOCAL_ADDRESS, five words per entry (four of the address, most significant first, VALID).
//
// valid, address  of all entries at once; IPv4 as ::ffff:a.b.c.d
`default_nettype none

module local_addresses #(
    parameter int unsigned ENTRIES = 16
) (
    input  wire                       clk,
    input  wire                       rst,
    output logic [ENTRIES-1:0]        valid,
    output logic [ENTRIES-1:0][127:0] address,

    register_bus_if.subordinate bus
);
  localparam logic [15:0] BASE = sapulse_pkg::REG_LOCAL_ADDRESS_WORD0;
  localparam int unsigned INDEX_W = $clog2(ENTRIES);
  localparam logic [2:0] WORD_VALID = 3'd4;

  wire [15:0] position = bus.address - BASE;
  wire [INDEX_W-1:0] index = position[5+:INDEX_W];
  wire [2:0] word = position[4:2];
  wire in_range = position < 16'(32 * ENTRIES) && word <= WORD_VALID;

  for (genvar i = 0; i < ENTRIES; i++) begin : g_entry
    wire write = bus.write && in_range && index == INDEX_W'(i);

    always_ff @(posedge clk) begin
      if (rst) begin
        valid[i] <= 1'b0;
        address[i] <= 128'h0;
      end else if (write) begin
        case (word)
          3'd0: address[i][127:96] <= bus.wdata;
          3'd1: address[i][95:64] <= bus.wdata;
          3'd2: address[i][63:32] <= bus.wdata;
          3'd3: address[i][31:0] <= bus.wdata;
          default: valid[i] <= bus.wdata[0];
        endcase
      end
    end
  end

  // Two stages: entry, then word.
  logic [127:0] entry_q;
  logic entry_valid_q;

  assign bus.busy = 1'b0;
  always_ff @(posedge clk) begin
    entry_q <= address[index];
    entry_valid_q <= valid[index];
    bus.hit <= in_range;
    bus.rdata <= 32'h0;
    if (in_range) begin
      case (word)
        3'd0: bus.rdata <= entry_q[127:96];
        3'd1: bus.rdata <= entry_q[95:64];
        3'd2: bus.rdata <= entry_q[63:32];
        3'd3: bus.rdata <= entry_q[31:0];
        default: bus.rdata <= {31'h0, entry_valid_q};
      endcase
    end
  end

  wire unused = &{1'b0, position[1:0]};

endmodule

`default_nettype wire
