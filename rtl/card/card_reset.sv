// SPDX-License-Identifier: Apache-2.0
// Reset of the core on a PCIe card. The core starts when its clock is stable, and starts anew when the host bus goes into reset:
// keys and rings of a host that is gone are forgotten. It does not stay in reset with the bus: traffic passes while the host boots.
//
// locked   the clock is stable; any clock
// bus_rst  the host bus is in reset; any clock
// rst      synchronous to clk, at least HOLD cycles
`default_nettype none

module card_reset #(
    parameter int unsigned HOLD = 64
) (
    input  wire  clk,
    input  wire  locked,
    input  wire  bus_rst,
    output logic rst
);

  logic start, bus_down, bus_was_down;
  logic [$clog2(HOLD)-1:0] left;

  reset_synchronizer u_start (
      .clk,
      .async_rst(!locked),
      .rst(start)
  );
  bit_synchronizer u_bus (
      .clk,
      .in(bus_rst),
      .out(bus_down)
  );

  always_ff @(posedge clk) begin
    bus_was_down <= bus_down;
    if (left != '0) left <= left - 1'b1;
    if (start || (bus_down && !bus_was_down)) left <= '1;
    rst <= start || left != '0;
  end

endmodule

`default_nettype wire
