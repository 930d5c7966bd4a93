// SPDX-License-Identifier: Apache-2.0
// Action per reserved SPI: 256 entries in distributed RAM, so that the data path reads it in the cycle it asks.
// Distributed RAM has no reset: all entries are cleared to PASS in the 256 cycles after reset; `clear` is 1 until then.
//
// spi -> action  combinational; PASS while clear, and for numbers that are no action
// bus            see axil_slave; REG_ACTION
`default_nettype none

module action_table (
    input  wire         clk,
    input  wire         rst,
    output logic        clear,
    input  wire  [ 7:0] spi,
    output logic [ 2:0] action,
    input  wire         bus_write,
    input  wire  [15:0] bus_address,
    input  wire  [31:0] bus_wdata,
    output logic [31:0] bus_rdata,
    output logic        bus_hit
);
  localparam logic [15:0] BASE = sapulse_pkg::REG_ACTION;

  logic [2:0] table_q[0:255];
  logic [8:0] clear_index_q;

  wire in_range = bus_address[15:10] == BASE[15:10];
  wire [7:0] index = bus_address[9:2];

  assign clear = !clear_index_q[8];

  wire write = clear || (bus_write && in_range);
  wire [7:0] write_index = clear ? clear_index_q[7:0] : index;
  wire [2:0] write_value = clear ? sapulse_pkg::ACTION_PASS : bus_wdata[2:0];

  always_ff @(posedge clk) begin
    if (write) begin
      table_q[write_index] <= write_value;
    end
    clear_index_q <= rst ? 9'h0 : clear_index_q + 9'(clear);
  end

  wire [2:0] found = table_q[spi];
  assign action = (clear || found > sapulse_pkg::ACTION_HOST) ? sapulse_pkg::ACTION_PASS : found;

  always_ff @(posedge clk) begin
    bus_hit <= in_range;
    bus_rdata <= in_range ? 32'(table_q[index]) : 32'h0;
  end

  // The upper bits of a write do not exist in the register.
  wire unused = &{1'b0, bus_wdata[31:3], bus_address[1:0]};

endmodule

`default_nettype wire
