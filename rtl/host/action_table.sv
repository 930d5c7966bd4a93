// SPDX-License-Identifier: Apache-2.0
// Action per reserved SPI: 256 entries in distributed RAM, so that the data path reads it in the cycle it asks.
// Distributed RAM has no reset: all entries are cleared to PASS in the 256 cycles after reset; `clear` is 1 until then.
//
// spi -> action  combinational; PASS while clear, and for numbers that are no action
// rdata          of the entry that `access` names, a cycle later
`default_nettype none

module action_table (
    input  wire        clk,
    input  wire        rst,
    output logic       clear,
    input  wire  [7:0] spi,
    output logic [2:0] action,

    input  sapulse_pkg::action_access_t access,
    output logic [2:0]                  rdata
);
  logic [2:0] table_q[0:255];
  logic [8:0] clear_index_q;

  assign clear = !clear_index_q[8];

  wire write = clear || access.write;
  wire [7:0] write_index = clear ? clear_index_q[7:0] : access.index;
  wire [2:0] write_value = clear ? sapulse_pkg::ACTION_PASS : access.wdata;

  always_ff @(posedge clk) begin
    if (write) table_q[write_index] <= write_value;
    clear_index_q <= rst ? 9'h0 : clear_index_q + 9'(clear);
  end

  wire [2:0] found = table_q[spi];
  assign action = (clear || found > sapulse_pkg::ACTION_HOST) ? sapulse_pkg::ACTION_PASS : found;

  always_ff @(posedge clk) rdata <= table_q[access.index];

endmodule

`default_nettype wire
