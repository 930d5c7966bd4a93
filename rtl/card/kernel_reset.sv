// SPDX-License-Identifier: Apache-2.0
// Reset of the core within an XRT kernel: with the platform's reset, and when the host asks for it. Its one register, at offset 0: writing 1
// resets the core once, and is answered when that is over; reads 0. The host asks only while no host memory access is under way.
//
// platform_rst  synchronous to clk
// core_rst      of the core; closed: the streams' gates, from the same cycle on until the core is out of reset. HOLD cycles, 32 at least
`default_nettype none

module kernel_reset #(
    parameter int unsigned HOLD = 64
) (
    input  wire  clk,
    input  wire  platform_rst,
    output logic core_rst,
    output logic closed,

    input  wire  [15:0] s_axil_awaddr,
    input  wire         s_axil_awvalid,
    output logic        s_axil_awready,
    input  wire  [31:0] s_axil_wdata,
    input  wire  [ 3:0] s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output logic        s_axil_wready,
    output logic [ 1:0] s_axil_bresp,
    output logic        s_axil_bvalid,
    input  wire         s_axil_bready,
    input  wire  [15:0] s_axil_araddr,
    input  wire         s_axil_arvalid,
    output logic        s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [ 1:0] s_axil_rresp,
    output logic        s_axil_rvalid,
    input  wire         s_axil_rready
);

  logic bus_write, bus_read, bus_writing, asked;
  logic [15:0] bus_address;
  logic [31:0] bus_wdata;
  logic [$clog2(HOLD)-1:0] left;

  axil_slave #(
      .LATENCY(1)
  ) u_slave (
      .clk,
      .rst(platform_rst),
      .hold(platform_rst),
      .s_axil_awaddr,
      .s_axil_awvalid,
      .s_axil_awready,
      .s_axil_wdata,
      .s_axil_wstrb,
      .s_axil_wvalid,
      .s_axil_wready,
      .s_axil_bresp,
      .s_axil_bvalid,
      .s_axil_bready,
      .s_axil_araddr,
      .s_axil_arvalid,
      .s_axil_arready,
      .s_axil_rdata,
      .s_axil_rresp,
      .s_axil_rvalid,
      .s_axil_rready,
      .bus_write,
      .bus_read,
      .bus_writing,
      .bus_address,
      .bus_wdata,
      .bus_rdata(32'd0),
      .bus_hit(bus_address == 16'd0),
      .bus_wait(closed)
  );

  assign asked = bus_write && bus_address == 16'd0 && bus_wdata[0];
  assign closed = left != '0;
  assign core_rst = 32'(left) >= 16;
  always_ff @(posedge clk) begin
    if (closed) left <= left - 1'b1;
    if (platform_rst || asked) left <= '1;
  end

  logic unused_bus;
  assign unused_bus = ^{bus_read, bus_writing, bus_wdata[31:1]};

endmodule

`default_nettype wire
