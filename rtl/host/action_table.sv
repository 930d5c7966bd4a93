// SPDX-License-Identifier: Apache-2.0
// Action per reserved SPI: 256 entries in distributed RAM, so that the data path reads it in the cycle it asks.
// Distributed RAM has no reset: all entries are cleared to PASS in the 256 cycles after reset; `clear` is 1 until then.
//
// spi -> action  combinational; PASS while clear, and for numbers that are no action
`default_nettype none

module action_table (
    input  wire        clk,
    input  wire        rst,
    output logic       clear,
    input  wire  [7:0] spi,
    output logic [2:0] action,

    register_bus_if.subordinate bus
);
  localparam logic [15:0] BASE = sapulse_pkg::REG_ACTION;

  logic [2:0] table_q[0:255];
  logic [8:0] clear_index_q;

  wire in_range = bus.address[15:10] == BASE[15:10];
  wire [7:0] index = bus.address[9:2];

  assign clear = !clear_index_q[8];

  wire write = clear || (bus.write && in_range);
  wire [7:0] write_index = clear ? clear_index_q[7:0] : index;
  wire [2:0] write_value = clear ? sapulse_pkg::ACTION_PASS : bus.wdata[2:0];

  always_ff @(posedge clk) begin
    if (write) table_q[write_index] <= write_value;
    clear_index_q <= rst ? 9'h0 : clear_index_q + 9'(clear);
  end

  wire [2:0] found = table_q[spi];
  assign action = (clear || found > sapulse_pkg::ACTION_HOST) ? sapulse_pkg::ACTION_PASS : found;

  assign bus.busy = 1'b0;
  always_ff @(posedge clk) begin
    bus.hit <= in_range;
    bus.rdata <= in_range ? 32'(table_q[index]) : 32'h0;
  end

endmodule

`default_nettype wire
