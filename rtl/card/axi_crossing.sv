// SPDX-License-Identifier: Apache-2.0
// AXI4 between two clocks: a FIFO for each channel; order within a channel stays. Signals that the core never changes (lock, cache,
// prot, qos, region) do not cross.
//
// s_*  requests come from here; m_*: they go there. Resets: see crossing_reset.
`default_nettype none

module axi_crossing (
    input  wire          s_clk,
    input  wire          s_rst,
    input  wire  [  3:0] s_awid,
    input  wire  [ 63:0] s_awaddr,
    input  wire  [  7:0] s_awlen,
    input  wire  [  2:0] s_awsize,
    input  wire  [  1:0] s_awburst,
    input  wire          s_awvalid,
    output logic         s_awready,
    input  wire  [511:0] s_wdata,
    input  wire  [ 63:0] s_wstrb,
    input  wire          s_wlast,
    input  wire          s_wvalid,
    output logic         s_wready,
    output logic [  3:0] s_bid,
    output logic [  1:0] s_bresp,
    output logic         s_bvalid,
    input  wire          s_bready,
    input  wire  [  3:0] s_arid,
    input  wire  [ 63:0] s_araddr,
    input  wire  [  7:0] s_arlen,
    input  wire  [  2:0] s_arsize,
    input  wire  [  1:0] s_arburst,
    input  wire          s_arvalid,
    output logic         s_arready,
    output logic [  3:0] s_rid,
    output logic [511:0] s_rdata,
    output logic [  1:0] s_rresp,
    output logic         s_rlast,
    output logic         s_rvalid,
    input  wire          s_rready,

    input  wire          m_clk,
    input  wire          m_rst,
    output logic [  3:0] m_awid,
    output logic [ 63:0] m_awaddr,
    output logic [  7:0] m_awlen,
    output logic [  2:0] m_awsize,
    output logic [  1:0] m_awburst,
    output logic         m_awvalid,
    input  wire          m_awready,
    output logic [511:0] m_wdata,
    output logic [ 63:0] m_wstrb,
    output logic         m_wlast,
    output logic         m_wvalid,
    input  wire          m_wready,
    input  wire  [  3:0] m_bid,
    input  wire  [  1:0] m_bresp,
    input  wire          m_bvalid,
    output logic         m_bready,
    output logic [  3:0] m_arid,
    output logic [ 63:0] m_araddr,
    output logic [  7:0] m_arlen,
    output logic [  2:0] m_arsize,
    output logic [  1:0] m_arburst,
    output logic         m_arvalid,
    input  wire          m_arready,
    input  wire  [  3:0] m_rid,
    input  wire  [511:0] m_rdata,
    input  wire  [  1:0] m_rresp,
    input  wire          m_rlast,
    input  wire          m_rvalid,
    output logic         m_rready
);

  // Two of the longest bursts.
  localparam int unsigned DATA_DEPTH = 32;

  async_fifo #(
      .WIDTH(81)
  ) u_aw (
      .in_clk(s_clk),
      .in_rst(s_rst),
      .in_valid(s_awvalid),
      .in_ready(s_awready),
      .in_data({s_awid, s_awaddr, s_awlen, s_awsize, s_awburst}),
      .out_clk(m_clk),
      .out_rst(m_rst),
      .out_valid(m_awvalid),
      .out_ready(m_awready),
      .out_data({m_awid, m_awaddr, m_awlen, m_awsize, m_awburst})
  );
  async_fifo #(
      .WIDTH(577),
      .DEPTH(DATA_DEPTH)
  ) u_w (
      .in_clk(s_clk),
      .in_rst(s_rst),
      .in_valid(s_wvalid),
      .in_ready(s_wready),
      .in_data({s_wdata, s_wstrb, s_wlast}),
      .out_clk(m_clk),
      .out_rst(m_rst),
      .out_valid(m_wvalid),
      .out_ready(m_wready),
      .out_data({m_wdata, m_wstrb, m_wlast})
  );
  async_fifo #(
      .WIDTH(6)
  ) u_b (
      .in_clk(m_clk),
      .in_rst(m_rst),
      .in_valid(m_bvalid),
      .in_ready(m_bready),
      .in_data({m_bid, m_bresp}),
      .out_clk(s_clk),
      .out_rst(s_rst),
      .out_valid(s_bvalid),
      .out_ready(s_bready),
      .out_data({s_bid, s_bresp})
  );
  async_fifo #(
      .WIDTH(81)
  ) u_ar (
      .in_clk(s_clk),
      .in_rst(s_rst),
      .in_valid(s_arvalid),
      .in_ready(s_arready),
      .in_data({s_arid, s_araddr, s_arlen, s_arsize, s_arburst}),
      .out_clk(m_clk),
      .out_rst(m_rst),
      .out_valid(m_arvalid),
      .out_ready(m_arready),
      .out_data({m_arid, m_araddr, m_arlen, m_arsize, m_arburst})
  );
  async_fifo #(
      .WIDTH(519),
      .DEPTH(DATA_DEPTH)
  ) u_r (
      .in_clk(m_clk),
      .in_rst(m_rst),
      .in_valid(m_rvalid),
      .in_ready(m_rready),
      .in_data({m_rid, m_rdata, m_rresp, m_rlast}),
      .out_clk(s_clk),
      .out_rst(s_rst),
      .out_valid(s_rvalid),
      .out_ready(s_rready),
      .out_data({s_rid, s_rdata, s_rresp, s_rlast})
  );

endmodule

`default_nettype wire
