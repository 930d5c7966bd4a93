// SPDX-License-Identifier: Apache-2.0
// Takes an access to all PARTS that have registers. Each answers 0 for what is not its own. Adds a cycle to hit and rdata.
`default_nettype none

module register_bus_fork #(
    parameter int unsigned PARTS = 2
) (
    input wire clk,

    register_bus_if.subordinate bus,
    register_bus_if.manager     part[PARTS]
);

  logic [PARTS-1:0] hits, busies;
  logic [PARTS-1:0][31:0] words;

  for (genvar i = 0; i < PARTS; i++) begin : g_part
    assign part[i].write = bus.write;
    assign part[i].read = bus.read;
    assign part[i].writing = bus.writing;
    assign part[i].address = bus.address;
    assign part[i].wdata = bus.wdata;
    assign hits[i] = part[i].hit;
    assign busies[i] = part[i].busy;
    assign words[i] = part[i].rdata;
  end

  logic [31:0] rdata;
  always_comb begin
    rdata = 32'h0;
    for (int i = 0; i < PARTS; i++) rdata |= words[i];
  end

  assign bus.busy = |busies;
  always_ff @(posedge clk) begin
    bus.hit <= |hits;
    bus.rdata <= rdata;
  end

endmodule

`default_nettype wire
