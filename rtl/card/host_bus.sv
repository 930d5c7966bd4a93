// SPDX-License-Identifier: Apache-2.0
// PCIe endpoint: the vendor's QDMA (PG302) with nothing in use but its bridges and its interrupts. Registers come in by AXI4-Lite
// (BAR 0), the core reaches host memory through the slave bridge without translation: an AXI address is the address on PCIe, so
// what the card may touch is for the IOMMU to say. The DMA engine has no queue; its own registers and the MSI-X table are in BAR 2.
//
// pcie_*     pins; pcie_refclk 100 MHz
// clk        250 MHz (Gen3 x16), as long as the link has a clock
// rst        in clk, while the link is down or resets (secondary bus reset, too), or the host resets the function
// irq_*      see irq_messages
// axil, axi  registers and host memory, in clk. The bridge's addresses begin at its BAR, so the upper bits mean nothing.
`default_nettype none

module host_bus (
    input wire          pcie_refclk_p, pcie_refclk_n,
    input wire          pcie_perst_n,
    input wire [15:0]   pcie_rxp, pcie_rxn,
    output logic [15:0] pcie_txp, pcie_txn,

    output logic clk,
    output logic rst,

    input wire        irq_request,
    input wire [10:0] irq_number,
    output logic      irq_acknowledge,

    axil_if.manager    axil,
    axi_if.subordinate axi
);

  logic refclk, refclk_gt, running, flr_request, flr_active, flr_done;
  logic [7:0] flr_function;

  IBUFDS_GTE4 u_refclk (
      .I(pcie_refclk_p),
      .IB(pcie_refclk_n),
      .CEB(1'b0),
      .O(refclk_gt),
      .ODIV2(refclk)
  );
  // One function: the bridge, whose transactions end with it, and all that is behind it are in reset together.
  function_reset u_function_reset (
      .clk,
      .rst(!running),
      .request(flr_request && flr_function == 8'd0),
      .active(flr_active),
      .done(flr_done)
  );
  assign rst = !running || flr_active;

  logic [31:0] awaddr, araddr;
  assign axil.aw = '{prot: 3'd0, addr: awaddr[axil.ADDR_W-1:0]};
  assign axil.ar = '{prot: 3'd0, addr: araddr[axil.ADDR_W-1:0]};

  /* verilator lint_off PINCONNECTEMPTY */  // a message that failed is repeated like every other; the host ends no reset
  card_qdma u_qdma (
      .sys_clk(refclk),
      .sys_clk_gt(refclk_gt),
      .sys_rst_n(pcie_perst_n),
      .pci_exp_rxp(pcie_rxp), .pci_exp_rxn(pcie_rxn), .pci_exp_txp(pcie_txp), .pci_exp_txn(pcie_txn),
      .axi_aclk(clk),
      .axi_aresetn(running),
      .soft_reset_n(!flr_active),
      .usr_flr_fnc(flr_function), .usr_flr_set(flr_request), .usr_flr_clr(), .usr_flr_done_fnc(8'd0), .usr_flr_done_vld(flr_done),
      .usr_irq_in_vld(irq_request), .usr_irq_in_vec(irq_number), .usr_irq_in_fnc(8'd0),
      .usr_irq_out_ack(irq_acknowledge), .usr_irq_out_fail(),
      .m_axil_awaddr(awaddr), .m_axil_awvalid(axil.awvalid), .m_axil_awready(axil.awready),
      .m_axil_wdata(axil.w.data), .m_axil_wstrb(axil.w.strb), .m_axil_wvalid(axil.wvalid), .m_axil_wready(axil.wready),
      .m_axil_bresp(axil.b.resp), .m_axil_bvalid(axil.bvalid), .m_axil_bready(axil.bready),
      .m_axil_araddr(araddr), .m_axil_arvalid(axil.arvalid), .m_axil_arready(axil.arready),
      .m_axil_rdata(axil.r.data), .m_axil_rresp(axil.r.resp), .m_axil_rvalid(axil.rvalid), .m_axil_rready(axil.rready),
      .s_axib_awid(axi.aw.id), .s_axib_awaddr(axi.aw.addr), .s_axib_awregion(4'd0), .s_axib_awuser(12'd0),
      .s_axib_awlen(axi.aw.len), .s_axib_awsize(axi.aw.size), .s_axib_awburst(axi.aw.burst),
      .s_axib_awvalid(axi.awvalid), .s_axib_awready(axi.awready),
      .s_axib_wdata(axi.w.data), .s_axib_wuser(64'd0), .s_axib_wstrb(axi.w.strb), .s_axib_wlast(axi.w.last),
      .s_axib_wvalid(axi.wvalid), .s_axib_wready(axi.wready),
      .s_axib_bid(axi.b.id), .s_axib_bresp(axi.b.resp), .s_axib_bvalid(axi.bvalid), .s_axib_bready(axi.bready),
      .s_axib_arid(axi.ar.id), .s_axib_araddr(axi.ar.addr), .s_axib_arregion(4'd0), .s_axib_aruser(12'd0),
      .s_axib_arlen(axi.ar.len), .s_axib_arsize(axi.ar.size), .s_axib_arburst(axi.ar.burst),
      .s_axib_arvalid(axi.arvalid), .s_axib_arready(axi.arready),
      .s_axib_rid(axi.r.id), .s_axib_rdata(axi.r.data), .s_axib_rresp(axi.r.resp), .s_axib_rlast(axi.r.last),
      .s_axib_rvalid(axi.rvalid), .s_axib_rready(axi.rready),
      // No descriptors, no streams.
      .tm_dsc_sts_rdy(1'b1),
      .dsc_crdt_in_vld(1'b0), .dsc_crdt_in_dir(1'b0), .dsc_crdt_in_fence(1'b0), .dsc_crdt_in_qid(11'd0), .dsc_crdt_in_crdt(16'd0),
      .qsts_out_rdy(1'b1),
      .m_axis_h2c_tready(1'b1),
      .s_axis_c2h_tvalid(1'b0), .s_axis_c2h_tdata('0), .s_axis_c2h_tcrc(32'd0), .s_axis_c2h_tlast(1'b0), .s_axis_c2h_mty(6'd0),
      .s_axis_c2h_ctrl_marker(1'b0), .s_axis_c2h_ctrl_port_id(3'd0), .s_axis_c2h_ctrl_ecc(7'd0), .s_axis_c2h_ctrl_len(16'd0),
      .s_axis_c2h_ctrl_qid(11'd0), .s_axis_c2h_ctrl_has_cmpt(1'b0), .s_axis_c2h_cmpt_tvalid(1'b0), .s_axis_c2h_cmpt_tdata('0),
      .s_axis_c2h_cmpt_size(2'd0), .s_axis_c2h_cmpt_dpar(16'd0), .s_axis_c2h_cmpt_ctrl_qid(11'd0),
      .s_axis_c2h_cmpt_ctrl_cmpt_type(2'd0), .s_axis_c2h_cmpt_ctrl_wait_pld_pkt_id(16'd0),
      .s_axis_c2h_cmpt_ctrl_no_wrb_marker(1'b0), .s_axis_c2h_cmpt_ctrl_port_id(3'd0), .s_axis_c2h_cmpt_ctrl_marker(1'b0),
      .s_axis_c2h_cmpt_ctrl_user_trig(1'b0), .s_axis_c2h_cmpt_ctrl_col_idx(3'd0), .s_axis_c2h_cmpt_ctrl_err_idx(3'd0)
  );
  /* verilator lint_on PINCONNECTEMPTY */

  logic unused_address;
  assign unused_address = ^{awaddr, araddr};

endmodule

`default_nettype wire
