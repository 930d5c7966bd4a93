// SPDX-License-Identifier: Apache-2.0
// counters with plain ports.
`default_nettype none

module counters_bench #(
    parameter int unsigned COUNTERS = 4,
    parameter int unsigned INCREMENT_W = 31
) (
    input  wire                                 clk,
    input  wire                                 rst,
    input  wire  [COUNTERS-1:0][INCREMENT_W-1:0] increment,
    input  wire                                 bus_read,
    input  wire                                 bus_writing,
    input  wire  [15:0]                         bus_address,
    output logic [31:0]                         bus_rdata,
    output logic                                bus_hit,
    output logic                                bus_wait
);

  register_bus_if bus ();
  assign bus.write = bus_read && bus_writing;
  assign bus.read = bus_read;
  assign bus.writing = bus_writing;
  assign bus.address = bus_address;
  assign bus.wdata = 32'h0;
  assign bus_rdata = bus.rdata;
  assign bus_hit = bus.hit;
  assign bus_wait = bus.busy;

  counters #(
      .COUNTERS(COUNTERS),
      .INCREMENT_W(INCREMENT_W)
  ) u_counters (
      .clk, .rst,
      .increments(increment),
      .bus
  );

endmodule

`default_nettype wire
