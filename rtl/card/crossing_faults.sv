// SPDX-License-Identifier: Apache-2.0
// Flipped bits in the crossings of the host's bus, as the core is told of them.
//
// *_faults  pulses, see checked_crossing; of what crosses to the core in core_clk, to the bus in bus_clk
// fault     in core_clk: a pulse for each of the former, and one for the first of the latter after a reset
`default_nettype none

module crossing_faults #(
    parameter int unsigned CROSSINGS = 2
) (
    input wire                 core_clk,
    input wire                 core_rst,
    input wire [CROSSINGS-1:0] core_faults,
    output logic               fault,

    input wire                 bus_clk,
    input wire                 bus_rst,
    input wire [CROSSINGS-1:0] bus_faults
);

  logic bus_faulty, seen, seen_before;

  always_ff @(posedge bus_clk) bus_faulty <= (bus_faulty || bus_faults != '0) && !bus_rst;
  bit_synchronizer u_bus_faulty (.clk(core_clk), .in(bus_faulty), .out(seen));

  always_ff @(posedge core_clk) begin
    seen_before <= seen;
    fault <= (core_faults != '0 || (seen && !seen_before)) && !core_rst;
  end

endmodule

`default_nettype wire
