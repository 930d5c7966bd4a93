// SPDX-License-Identifier: Apache-2.0
// Reset of the core within an XRT kernel: with the platform's reset, and when the host asks for it. Its one register, at offset 0:
// writing 1 resets the core once, and is answered when that is over; reads 0. The host asks only while no host memory access is
// under way.
//
// platform_rst  synchronous to clk
// core_rst      of the core, for HOLD cycles, 32 at least; closed: the streams' gates, from the same cycle on until it is over
`default_nettype none

module kernel_reset #(
    parameter int unsigned HOLD = 64
) (
    input wire          clk,
    input wire          platform_rst,
    output logic        core_rst,
    output logic        closed,
    axil_if.subordinate axil
);

  register_bus_if bus ();
  logic asked;
  logic [$clog2(HOLD)-1:0] left;

  axil_slave #(.LATENCY(1)) u_slave (.clk, .rst(platform_rst), .hold(platform_rst), .axil, .bus);
  assign bus.rdata = 32'd0;
  assign bus.hit = bus.address == 16'd0;
  assign bus.busy = closed;

  assign asked = bus.write && bus.hit && bus.wdata[0];
  assign closed = left != '0;
  assign core_rst = 32'(left) >= 16;
  always_ff @(posedge clk) begin
    if (closed) left <= left - 1'b1;
    if (platform_rst || asked) left <= '1;
  end

endmodule

`default_nettype wire
