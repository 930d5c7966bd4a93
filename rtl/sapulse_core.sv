// SPDX-License-Identifier: Apache-2.0
// sapulse_core: the card without its MACs and its host bus. See docs/architecture.md.
`default_nettype none

module sapulse_core #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266,
    parameter logic [31:0] GIT_HASH = 32'h0
) (
    input wire aclk,
    input wire aresetn,

    input  wire  [511:0] s_axis_line_tdata,
    input  wire  [ 63:0] s_axis_line_tkeep,
    input  wire          s_axis_line_tlast,
    input  wire          s_axis_line_tuser,
    input  wire          s_axis_line_tvalid,
    output logic         s_axis_line_tready,

    output logic [511:0] m_axis_line_tdata,
    output logic [ 63:0] m_axis_line_tkeep,
    output logic         m_axis_line_tlast,
    output logic         m_axis_line_tuser,
    output logic         m_axis_line_tvalid,
    input  wire          m_axis_line_tready,

    input  wire  [511:0] s_axis_core_tdata,
    input  wire  [ 63:0] s_axis_core_tkeep,
    input  wire          s_axis_core_tlast,
    input  wire          s_axis_core_tuser,
    input  wire          s_axis_core_tvalid,
    output logic         s_axis_core_tready,

    output logic [511:0] m_axis_core_tdata,
    output logic [ 63:0] m_axis_core_tkeep,
    output logic         m_axis_core_tlast,
    output logic         m_axis_core_tuser,
    output logic         m_axis_core_tvalid,
    input  wire          m_axis_core_tready,

    input  wire  [15:0] s_axil_awaddr,
    input  wire  [ 2:0] s_axil_awprot,
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
    input  wire  [ 2:0] s_axil_arprot,
    input  wire         s_axil_arvalid,
    output logic        s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [ 1:0] s_axil_rresp,
    output logic        s_axil_rvalid,
    input  wire         s_axil_rready,

    output logic [  3:0] m_axi_awid,
    output logic [ 63:0] m_axi_awaddr,
    output logic [  7:0] m_axi_awlen,
    output logic [  2:0] m_axi_awsize,
    output logic [  1:0] m_axi_awburst,
    output logic         m_axi_awlock,
    output logic [  3:0] m_axi_awcache,
    output logic [  2:0] m_axi_awprot,
    output logic [  3:0] m_axi_awqos,
    output logic [  3:0] m_axi_awregion,
    output logic         m_axi_awvalid,
    input  wire          m_axi_awready,
    output logic [511:0] m_axi_wdata,
    output logic [ 63:0] m_axi_wstrb,
    output logic         m_axi_wlast,
    output logic         m_axi_wvalid,
    input  wire          m_axi_wready,
    input  wire  [  3:0] m_axi_bid,
    input  wire  [  1:0] m_axi_bresp,
    input  wire          m_axi_bvalid,
    output logic         m_axi_bready,
    output logic [  3:0] m_axi_arid,
    output logic [ 63:0] m_axi_araddr,
    output logic [  7:0] m_axi_arlen,
    output logic [  2:0] m_axi_arsize,
    output logic [  1:0] m_axi_arburst,
    output logic         m_axi_arlock,
    output logic [  3:0] m_axi_arcache,
    output logic [  2:0] m_axi_arprot,
    output logic [  3:0] m_axi_arqos,
    output logic [  3:0] m_axi_arregion,
    output logic         m_axi_arvalid,
    input  wire          m_axi_arready,
    input  wire  [  3:0] m_axi_rid,
    input  wire  [511:0] m_axi_rdata,
    input  wire  [  1:0] m_axi_rresp,
    input  wire          m_axi_rlast,
    input  wire          m_axi_rvalid,
    output logic         m_axi_rready,

    output logic [2:0] irq
);

  if (SA_CAPACITY != 1024 && SA_CAPACITY != 16384 && SA_CAPACITY != 65536) begin : g_capacity
    $error("sapulse_core: SA_CAPACITY must be 1024, 16384 or 65536");
  end
  if (CLOCK_KHZ < 1000 || CLOCK_KHZ > 1000000) begin : g_clock
    $error("sapulse_core: CLOCK_KHZ must be between 1000 and 1000000");
  end

endmodule

`default_nettype wire
