// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite between two clocks: a FIFO for each channel.
//
// s_*  requests come from here; m_*: they go there. Resets: see crossing_reset.
`default_nettype none

module axil_crossing #(
    parameter int unsigned ADDRESS_W = 16
) (
    input  wire                  s_clk,
    input  wire                  s_rst,
    input  wire  [ADDRESS_W-1:0] s_awaddr,
    input  wire                  s_awvalid,
    output logic                 s_awready,
    input  wire  [         31:0] s_wdata,
    input  wire  [          3:0] s_wstrb,
    input  wire                  s_wvalid,
    output logic                 s_wready,
    output logic [          1:0] s_bresp,
    output logic                 s_bvalid,
    input  wire                  s_bready,
    input  wire  [ADDRESS_W-1:0] s_araddr,
    input  wire                  s_arvalid,
    output logic                 s_arready,
    output logic [         31:0] s_rdata,
    output logic [          1:0] s_rresp,
    output logic                 s_rvalid,
    input  wire                  s_rready,

    input  wire                  m_clk,
    input  wire                  m_rst,
    output logic [ADDRESS_W-1:0] m_awaddr,
    output logic                 m_awvalid,
    input  wire                  m_awready,
    output logic [         31:0] m_wdata,
    output logic [          3:0] m_wstrb,
    output logic                 m_wvalid,
    input  wire                  m_wready,
    input  wire  [          1:0] m_bresp,
    input  wire                  m_bvalid,
    output logic                 m_bready,
    output logic [ADDRESS_W-1:0] m_araddr,
    output logic                 m_arvalid,
    input  wire                  m_arready,
    input  wire  [         31:0] m_rdata,
    input  wire  [          1:0] m_rresp,
    input  wire                  m_rvalid,
    output logic                 m_rready
);

  // A host has few accesses under way.
  localparam int unsigned DEPTH = 4;

  async_fifo #(
      .WIDTH(ADDRESS_W),
      .DEPTH(DEPTH)
  ) u_aw (
      .in_clk(s_clk),
      .in_rst(s_rst),
      .in_valid(s_awvalid),
      .in_ready(s_awready),
      .in_data(s_awaddr),
      .out_clk(m_clk),
      .out_rst(m_rst),
      .out_valid(m_awvalid),
      .out_ready(m_awready),
      .out_data(m_awaddr)
  );
  async_fifo #(
      .WIDTH(36),
      .DEPTH(DEPTH)
  ) u_w (
      .in_clk(s_clk),
      .in_rst(s_rst),
      .in_valid(s_wvalid),
      .in_ready(s_wready),
      .in_data({s_wstrb, s_wdata}),
      .out_clk(m_clk),
      .out_rst(m_rst),
      .out_valid(m_wvalid),
      .out_ready(m_wready),
      .out_data({m_wstrb, m_wdata})
  );
  async_fifo #(
      .WIDTH(2),
      .DEPTH(DEPTH)
  ) u_b (
      .in_clk(m_clk),
      .in_rst(m_rst),
      .in_valid(m_bvalid),
      .in_ready(m_bready),
      .in_data(m_bresp),
      .out_clk(s_clk),
      .out_rst(s_rst),
      .out_valid(s_bvalid),
      .out_ready(s_bready),
      .out_data(s_bresp)
  );
  async_fifo #(
      .WIDTH(ADDRESS_W),
      .DEPTH(DEPTH)
  ) u_ar (
      .in_clk(s_clk),
      .in_rst(s_rst),
      .in_valid(s_arvalid),
      .in_ready(s_arready),
      .in_data(s_araddr),
      .out_clk(m_clk),
      .out_rst(m_rst),
      .out_valid(m_arvalid),
      .out_ready(m_arready),
      .out_data(m_araddr)
  );
  async_fifo #(
      .WIDTH(34),
      .DEPTH(DEPTH)
  ) u_r (
      .in_clk(m_clk),
      .in_rst(m_rst),
      .in_valid(m_rvalid),
      .in_ready(m_rready),
      .in_data({m_rresp, m_rdata}),
      .out_clk(s_clk),
      .out_rst(s_rst),
      .out_valid(s_rvalid),
      .out_ready(s_rready),
      .out_data({s_rresp, s_rdata})
  );

endmodule

`default_nettype wire
