// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// The core with its ports as variables, which cocotb reads and writes: Verilator gives its own value to a port of the top in each
// evaluation. Names are those of lint_top.
module cocotb_top;

  localparam int unsigned BYTES = sapulse_pkg::BEAT_BYTES;

  logic aclk, aresetn;
  logic [31:0] git_hash;
  logic [sapulse_pkg::REG_INTERRUPT_STATUS_BITS-1:0] irq;

  logic [8*BYTES-1:0] s_axis_line_tdata, m_axis_line_tdata, s_axis_core_tdata, m_axis_core_tdata;
  logic [BYTES-1:0] s_axis_line_tkeep, m_axis_line_tkeep, s_axis_core_tkeep, m_axis_core_tkeep;
  logic s_axis_line_tlast, s_axis_line_tuser, s_axis_line_tvalid, s_axis_line_tready;
  logic m_axis_line_tlast, m_axis_line_tuser, m_axis_line_tvalid, m_axis_line_tready;
  logic s_axis_core_tlast, s_axis_core_tuser, s_axis_core_tvalid, s_axis_core_tready;
  logic m_axis_core_tlast, m_axis_core_tuser, m_axis_core_tvalid, m_axis_core_tready;

  logic [15:0] s_axil_awaddr, s_axil_araddr;
  logic [2:0] s_axil_awprot, s_axil_arprot;
  logic [31:0] s_axil_wdata, s_axil_rdata;
  logic [3:0] s_axil_wstrb;
  logic [1:0] s_axil_bresp, s_axil_rresp;
  logic s_axil_awvalid, s_axil_wvalid, s_axil_bready, s_axil_arvalid, s_axil_rready;
  logic s_axil_awready, s_axil_wready, s_axil_bvalid, s_axil_arready, s_axil_rvalid;

  logic [3:0] m_axi_awid, m_axi_arid, m_axi_bid, m_axi_rid;
  logic [63:0] m_axi_awaddr, m_axi_araddr;
  logic [7:0] m_axi_awlen, m_axi_arlen;
  logic [2:0] m_axi_awsize, m_axi_arsize, m_axi_awprot, m_axi_arprot;
  logic [1:0] m_axi_awburst, m_axi_arburst, m_axi_bresp, m_axi_rresp;
  logic [3:0] m_axi_awcache, m_axi_arcache, m_axi_awqos, m_axi_arqos, m_axi_awregion, m_axi_arregion;
  logic m_axi_awlock, m_axi_arlock, m_axi_wlast, m_axi_rlast;
  logic [8*BYTES-1:0] m_axi_wdata, m_axi_rdata;
  logic [BYTES-1:0] m_axi_wstrb;
  logic m_axi_awvalid, m_axi_wvalid, m_axi_bready, m_axi_arvalid, m_axi_rready;
  logic m_axi_awready, m_axi_wready, m_axi_bvalid, m_axi_arready, m_axi_rvalid;

  logic bus_fault;
  assign bus_fault = 1'b0;

  lint_top u_core (.*);

endmodule

`default_nettype wire
