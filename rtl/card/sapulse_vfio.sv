// SPDX-License-Identifier: Apache-2.0
// The card as a plain PCIe endpoint: core, MACs, PCIe bridge, and the crossings between their clocks.
//
//   core_clk  from the board's oscillator: core, registers of the MACs      init_clk: transceivers' resets
//   bus clk   of the PCIe bridge, 250 MHz; may stop with the link
//   MAC clks  322.265625 MHz, within card_macs
//
// BAR 0: registers of the core (64 KiB), then those of the MACs (64 KiB).
// fixed_pins  outputs that the board wants at a fixed level
`default_nettype none
`include "sapulse_build.svh"

module sapulse_vfio (
    input wire sysclk_p,
    input wire sysclk_n,

    input  wire         pcie_refclk_p,
    input  wire         pcie_refclk_n,
    input  wire         pcie_perst_n,
    input  wire  [15:0] pcie_rxp,
    input  wire  [15:0] pcie_rxn,
    output logic [15:0] pcie_txp,
    output logic [15:0] pcie_txn,

    input  wire  [  `SAPULSE_BUILD_CAGES-1:0] qsfp_refclk_p,
    input  wire  [  `SAPULSE_BUILD_CAGES-1:0] qsfp_refclk_n,
    input  wire  [4*`SAPULSE_BUILD_CAGES-1:0] qsfp_rxp,
    input  wire  [4*`SAPULSE_BUILD_CAGES-1:0] qsfp_rxn,
    output logic [4*`SAPULSE_BUILD_CAGES-1:0] qsfp_txp,
    output logic [4*`SAPULSE_BUILD_CAGES-1:0] qsfp_txn,

    output logic [`SAPULSE_BUILD_FIXED_PINS-1:0] fixed_pins
);

  localparam int unsigned IRQS = sapulse_pkg::REG_INTERRUPT_STATUS_BITS;

  assign fixed_pins = `SAPULSE_BUILD_FIXED_LEVELS;

  // Clocks and resets.
  logic core_clk, init_clk, locked, core_rst, core_aresetn, bus_clk, bus_down, bus_rst, crossing_rst;

  card_clocks u_clocks (
      .clk_in1_p(sysclk_p),
      .clk_in1_n(sysclk_n),
      .core_clk,
      .init_clk,
      .locked
  );
  card_reset u_reset (
      .clk(core_clk),
      .locked,
      .bus_rst(bus_down),
      .rst(core_rst)
  );
  always_ff @(posedge core_clk) core_aresetn <= !core_rst;
  crossing_reset u_crossing_rst (
      .a_clk(core_clk),
      .a_request(core_rst),
      .a_rst(crossing_rst),
      .b_clk(bus_clk),
      .b_request(bus_down),
      .b_rst(bus_rst)
  );

  // Host bus. bus_*: in bus_clk, host_*: the same in core_clk.
  logic irq_request, irq_acknowledge;
  logic [10:0] irq_number;
  logic [IRQS-1:0] irq, irq_seen;
  logic [31:0] bus_axil_awaddr, bus_axil_wdata, bus_axil_araddr, bus_axil_rdata;
  logic bus_axil_awvalid, bus_axil_awready, bus_axil_wvalid, bus_axil_wready, bus_axil_bvalid, bus_axil_bready,
      bus_axil_arvalid, bus_axil_arready, bus_axil_rvalid, bus_axil_rready;
  logic [3:0] bus_axil_wstrb;
  logic [1:0] bus_axil_bresp, bus_axil_rresp;
  logic [3:0] bus_axi_awid, bus_axi_bid, bus_axi_arid, bus_axi_rid;
  logic [63:0] bus_axi_awaddr, bus_axi_wstrb, bus_axi_araddr;
  logic [7:0] bus_axi_awlen, bus_axi_arlen;
  logic [2:0] bus_axi_awsize, bus_axi_arsize;
  logic [1:0] bus_axi_awburst, bus_axi_bresp, bus_axi_arburst, bus_axi_rresp;
  logic bus_axi_awvalid, bus_axi_awready, bus_axi_wlast, bus_axi_wvalid, bus_axi_wready, bus_axi_bvalid,
      bus_axi_bready, bus_axi_arvalid, bus_axi_arready, bus_axi_rlast, bus_axi_rvalid, bus_axi_rready;
  logic [511:0] bus_axi_wdata, bus_axi_rdata;
  logic [16:0] host_axil_awaddr, host_axil_araddr;
  logic host_axil_awvalid, host_axil_awready, host_axil_wvalid, host_axil_wready, host_axil_bvalid, host_axil_bready,
      host_axil_arvalid, host_axil_arready, host_axil_rvalid, host_axil_rready;
  logic [31:0] host_axil_wdata, host_axil_rdata;
  logic [3:0] host_axil_wstrb;
  logic [1:0] host_axil_bresp, host_axil_rresp;

  host_bus u_host_bus (
      .pcie_refclk_p,
      .pcie_refclk_n,
      .pcie_perst_n,
      .pcie_rxp,
      .pcie_rxn,
      .pcie_txp,
      .pcie_txn,
      .clk(bus_clk),
      .rst(bus_down),
      .irq_request,
      .irq_number,
      .irq_acknowledge,
      .m_axil_awaddr(bus_axil_awaddr),
      .m_axil_awvalid(bus_axil_awvalid),
      .m_axil_awready(bus_axil_awready),
      .m_axil_wdata(bus_axil_wdata),
      .m_axil_wstrb(bus_axil_wstrb),
      .m_axil_wvalid(bus_axil_wvalid),
      .m_axil_wready(bus_axil_wready),
      .m_axil_bresp(bus_axil_bresp),
      .m_axil_bvalid(bus_axil_bvalid),
      .m_axil_bready(bus_axil_bready),
      .m_axil_araddr(bus_axil_araddr),
      .m_axil_arvalid(bus_axil_arvalid),
      .m_axil_arready(bus_axil_arready),
      .m_axil_rdata(bus_axil_rdata),
      .m_axil_rresp(bus_axil_rresp),
      .m_axil_rvalid(bus_axil_rvalid),
      .m_axil_rready(bus_axil_rready),
      .s_axi_awid(bus_axi_awid),
      .s_axi_awaddr(bus_axi_awaddr),
      .s_axi_awlen(bus_axi_awlen),
      .s_axi_awsize(bus_axi_awsize),
      .s_axi_awburst(bus_axi_awburst),
      .s_axi_awvalid(bus_axi_awvalid),
      .s_axi_awready(bus_axi_awready),
      .s_axi_wdata(bus_axi_wdata),
      .s_axi_wstrb(bus_axi_wstrb),
      .s_axi_wlast(bus_axi_wlast),
      .s_axi_wvalid(bus_axi_wvalid),
      .s_axi_wready(bus_axi_wready),
      .s_axi_bid(bus_axi_bid),
      .s_axi_bresp(bus_axi_bresp),
      .s_axi_bvalid(bus_axi_bvalid),
      .s_axi_bready(bus_axi_bready),
      .s_axi_arid(bus_axi_arid),
      .s_axi_araddr(bus_axi_araddr),
      .s_axi_arlen(bus_axi_arlen),
      .s_axi_arsize(bus_axi_arsize),
      .s_axi_arburst(bus_axi_arburst),
      .s_axi_arvalid(bus_axi_arvalid),
      .s_axi_arready(bus_axi_arready),
      .s_axi_rid(bus_axi_rid),
      .s_axi_rdata(bus_axi_rdata),
      .s_axi_rresp(bus_axi_rresp),
      .s_axi_rlast(bus_axi_rlast),
      .s_axi_rvalid(bus_axi_rvalid),
      .s_axi_rready(bus_axi_rready)
  );

  bit_synchronizer #(
      .WIDTH(IRQS)
  ) u_irq (
      .clk(bus_clk),
      .in(irq),
      .out(irq_seen)
  );
  irq_messages #(
      .WIDTH(IRQS)
  ) u_irq_messages (
      .clk(bus_clk),
      .rst(bus_rst),
      .levels(irq_seen),
      .request(irq_request),
      .number(irq_number),
      .acknowledge(irq_acknowledge)
  );

  axil_crossing #(
      .ADDRESS_W(17)
  ) u_axil_crossing (
      .s_clk(bus_clk),
      .s_rst(bus_rst),
      .s_awaddr(bus_axil_awaddr[16:0]),
      .s_awvalid(bus_axil_awvalid),
      .s_awready(bus_axil_awready),
      .s_wdata(bus_axil_wdata),
      .s_wstrb(bus_axil_wstrb),
      .s_wvalid(bus_axil_wvalid),
      .s_wready(bus_axil_wready),
      .s_bresp(bus_axil_bresp),
      .s_bvalid(bus_axil_bvalid),
      .s_bready(bus_axil_bready),
      .s_araddr(bus_axil_araddr[16:0]),
      .s_arvalid(bus_axil_arvalid),
      .s_arready(bus_axil_arready),
      .s_rdata(bus_axil_rdata),
      .s_rresp(bus_axil_rresp),
      .s_rvalid(bus_axil_rvalid),
      .s_rready(bus_axil_rready),
      .m_clk(core_clk),
      .m_rst(crossing_rst),
      .m_awaddr(host_axil_awaddr),
      .m_awvalid(host_axil_awvalid),
      .m_awready(host_axil_awready),
      .m_wdata(host_axil_wdata),
      .m_wstrb(host_axil_wstrb),
      .m_wvalid(host_axil_wvalid),
      .m_wready(host_axil_wready),
      .m_bresp(host_axil_bresp),
      .m_bvalid(host_axil_bvalid),
      .m_bready(host_axil_bready),
      .m_araddr(host_axil_araddr),
      .m_arvalid(host_axil_arvalid),
      .m_arready(host_axil_arready),
      .m_rdata(host_axil_rdata),
      .m_rresp(host_axil_rresp),
      .m_rvalid(host_axil_rvalid),
      .m_rready(host_axil_rready)
  );

  // Registers: core (a), MACs (b).
  logic [15:0] awaddr, araddr;
  logic [31:0] wdata;
  logic [3:0] wstrb;
  logic core_awvalid, core_awready, core_wvalid, core_wready, core_bvalid, core_bready, core_arvalid, core_arready,
      core_rvalid, core_rready;
  logic [1:0] core_bresp, core_rresp;
  logic [31:0] core_rdata;
  logic macs_awvalid, macs_awready, macs_wvalid, macs_wready, macs_bvalid, macs_bready, macs_arvalid, macs_arready,
      macs_rvalid, macs_rready;
  logic [1:0] macs_bresp, macs_rresp;
  logic [31:0] macs_rdata;

  axil_split u_axil_split (
      .clk(core_clk),
      .rst(crossing_rst),
      .s_awaddr(host_axil_awaddr),
      .s_awvalid(host_axil_awvalid),
      .s_awready(host_axil_awready),
      .s_wdata(host_axil_wdata),
      .s_wstrb(host_axil_wstrb),
      .s_wvalid(host_axil_wvalid),
      .s_wready(host_axil_wready),
      .s_bresp(host_axil_bresp),
      .s_bvalid(host_axil_bvalid),
      .s_bready(host_axil_bready),
      .s_araddr(host_axil_araddr),
      .s_arvalid(host_axil_arvalid),
      .s_arready(host_axil_arready),
      .s_rdata(host_axil_rdata),
      .s_rresp(host_axil_rresp),
      .s_rvalid(host_axil_rvalid),
      .s_rready(host_axil_rready),
      .awaddr,
      .wdata,
      .wstrb,
      .araddr,
      .a_awvalid(core_awvalid),
      .a_awready(core_awready),
      .a_wvalid(core_wvalid),
      .a_wready(core_wready),
      .a_bresp(core_bresp),
      .a_bvalid(core_bvalid),
      .a_bready(core_bready),
      .a_arvalid(core_arvalid),
      .a_arready(core_arready),
      .a_rdata(core_rdata),
      .a_rresp(core_rresp),
      .a_rvalid(core_rvalid),
      .a_rready(core_rready),
      .b_awvalid(macs_awvalid),
      .b_awready(macs_awready),
      .b_wvalid(macs_wvalid),
      .b_wready(macs_wready),
      .b_bresp(macs_bresp),
      .b_bvalid(macs_bvalid),
      .b_bready(macs_bready),
      .b_arvalid(macs_arvalid),
      .b_arready(macs_arready),
      .b_rdata(macs_rdata),
      .b_rresp(macs_rresp),
      .b_rvalid(macs_rvalid),
      .b_rready(macs_rready)
  );

  // Core.
  logic [3:0] axi_awid, axi_bid, axi_arid, axi_rid;
  logic [63:0] axi_awaddr, axi_wstrb, axi_araddr;
  logic [7:0] axi_awlen, axi_arlen;
  logic [2:0] axi_awsize, axi_arsize;
  logic [1:0] axi_awburst, axi_bresp, axi_arburst, axi_rresp;
  logic axi_awvalid, axi_awready, axi_wlast, axi_wvalid, axi_wready, axi_bvalid, axi_bready, axi_arvalid,
      axi_arready, axi_rlast, axi_rvalid, axi_rready;
  logic [511:0] axi_wdata, axi_rdata;
  logic line_rx_valid, line_rx_ready, line_tx_valid, line_tx_ready, core_rx_valid, core_rx_ready, core_tx_valid, core_tx_ready;
  logic [577:0] line_rx_beat, line_tx_beat, core_rx_beat, core_tx_beat;

  /* verilator lint_off PINCONNECTEMPTY */  // PCIe has nothing for these
  sapulse_core #(
      .SA_CAPACITY(`SAPULSE_BUILD_SA_CAPACITY),
      .CLOCK_KHZ(`SAPULSE_BUILD_CLOCK_KHZ),
      .GIT_HASH(`SAPULSE_BUILD_GIT_HASH)
  ) u_core (
      .aclk(core_clk),
      .aresetn(core_aresetn),
      .s_axis_line_tdata(line_rx_beat[511:0]),
      .s_axis_line_tkeep(line_rx_beat[575:512]),
      .s_axis_line_tlast(line_rx_beat[576]),
      .s_axis_line_tuser(line_rx_beat[577]),
      .s_axis_line_tvalid(line_rx_valid),
      .s_axis_line_tready(line_rx_ready),
      .m_axis_line_tdata(line_tx_beat[511:0]),
      .m_axis_line_tkeep(line_tx_beat[575:512]),
      .m_axis_line_tlast(line_tx_beat[576]),
      .m_axis_line_tuser(line_tx_beat[577]),
      .m_axis_line_tvalid(line_tx_valid),
      .m_axis_line_tready(line_tx_ready),
      .s_axis_core_tdata(core_rx_beat[511:0]),
      .s_axis_core_tkeep(core_rx_beat[575:512]),
      .s_axis_core_tlast(core_rx_beat[576]),
      .s_axis_core_tuser(core_rx_beat[577]),
      .s_axis_core_tvalid(core_rx_valid),
      .s_axis_core_tready(core_rx_ready),
      .m_axis_core_tdata(core_tx_beat[511:0]),
      .m_axis_core_tkeep(core_tx_beat[575:512]),
      .m_axis_core_tlast(core_tx_beat[576]),
      .m_axis_core_tuser(core_tx_beat[577]),
      .m_axis_core_tvalid(core_tx_valid),
      .m_axis_core_tready(core_tx_ready),
      .s_axil_awaddr(awaddr),
      .s_axil_awprot(3'd0),
      .s_axil_awvalid(core_awvalid),
      .s_axil_awready(core_awready),
      .s_axil_wdata(wdata),
      .s_axil_wstrb(wstrb),
      .s_axil_wvalid(core_wvalid),
      .s_axil_wready(core_wready),
      .s_axil_bresp(core_bresp),
      .s_axil_bvalid(core_bvalid),
      .s_axil_bready(core_bready),
      .s_axil_araddr(araddr),
      .s_axil_arprot(3'd0),
      .s_axil_arvalid(core_arvalid),
      .s_axil_arready(core_arready),
      .s_axil_rdata(core_rdata),
      .s_axil_rresp(core_rresp),
      .s_axil_rvalid(core_rvalid),
      .s_axil_rready(core_rready),
      .m_axi_awid(axi_awid),
      .m_axi_awaddr(axi_awaddr),
      .m_axi_awlen(axi_awlen),
      .m_axi_awsize(axi_awsize),
      .m_axi_awburst(axi_awburst),
      .m_axi_awlock(),
      .m_axi_awcache(),
      .m_axi_awprot(),
      .m_axi_awqos(),
      .m_axi_awregion(),
      .m_axi_awvalid(axi_awvalid),
      .m_axi_awready(axi_awready),
      .m_axi_wdata(axi_wdata),
      .m_axi_wstrb(axi_wstrb),
      .m_axi_wlast(axi_wlast),
      .m_axi_wvalid(axi_wvalid),
      .m_axi_wready(axi_wready),
      .m_axi_bid(axi_bid),
      .m_axi_bresp(axi_bresp),
      .m_axi_bvalid(axi_bvalid),
      .m_axi_bready(axi_bready),
      .m_axi_arid(axi_arid),
      .m_axi_araddr(axi_araddr),
      .m_axi_arlen(axi_arlen),
      .m_axi_arsize(axi_arsize),
      .m_axi_arburst(axi_arburst),
      .m_axi_arlock(),
      .m_axi_arcache(),
      .m_axi_arprot(),
      .m_axi_arqos(),
      .m_axi_arregion(),
      .m_axi_arvalid(axi_arvalid),
      .m_axi_arready(axi_arready),
      .m_axi_rid(axi_rid),
      .m_axi_rdata(axi_rdata),
      .m_axi_rresp(axi_rresp),
      .m_axi_rlast(axi_rlast),
      .m_axi_rvalid(axi_rvalid),
      .m_axi_rready(axi_rready),
      .irq
  );
  /* verilator lint_on PINCONNECTEMPTY */

  axi_crossing u_axi_crossing (
      .s_clk(core_clk),
      .s_rst(crossing_rst),
      .s_awid(axi_awid),
      .s_awaddr(axi_awaddr),
      .s_awlen(axi_awlen),
      .s_awsize(axi_awsize),
      .s_awburst(axi_awburst),
      .s_awvalid(axi_awvalid),
      .s_awready(axi_awready),
      .s_wdata(axi_wdata),
      .s_wstrb(axi_wstrb),
      .s_wlast(axi_wlast),
      .s_wvalid(axi_wvalid),
      .s_wready(axi_wready),
      .s_bid(axi_bid),
      .s_bresp(axi_bresp),
      .s_bvalid(axi_bvalid),
      .s_bready(axi_bready),
      .s_arid(axi_arid),
      .s_araddr(axi_araddr),
      .s_arlen(axi_arlen),
      .s_arsize(axi_arsize),
      .s_arburst(axi_arburst),
      .s_arvalid(axi_arvalid),
      .s_arready(axi_arready),
      .s_rid(axi_rid),
      .s_rdata(axi_rdata),
      .s_rresp(axi_rresp),
      .s_rlast(axi_rlast),
      .s_rvalid(axi_rvalid),
      .s_rready(axi_rready),
      .m_clk(bus_clk),
      .m_rst(bus_rst),
      .m_awid(bus_axi_awid),
      .m_awaddr(bus_axi_awaddr),
      .m_awlen(bus_axi_awlen),
      .m_awsize(bus_axi_awsize),
      .m_awburst(bus_axi_awburst),
      .m_awvalid(bus_axi_awvalid),
      .m_awready(bus_axi_awready),
      .m_wdata(bus_axi_wdata),
      .m_wstrb(bus_axi_wstrb),
      .m_wlast(bus_axi_wlast),
      .m_wvalid(bus_axi_wvalid),
      .m_wready(bus_axi_wready),
      .m_bid(bus_axi_bid),
      .m_bresp(bus_axi_bresp),
      .m_bvalid(bus_axi_bvalid),
      .m_bready(bus_axi_bready),
      .m_arid(bus_axi_arid),
      .m_araddr(bus_axi_araddr),
      .m_arlen(bus_axi_arlen),
      .m_arsize(bus_axi_arsize),
      .m_arburst(bus_axi_arburst),
      .m_arvalid(bus_axi_arvalid),
      .m_arready(bus_axi_arready),
      .m_rid(bus_axi_rid),
      .m_rdata(bus_axi_rdata),
      .m_rresp(bus_axi_rresp),
      .m_rlast(bus_axi_rlast),
      .m_rvalid(bus_axi_rvalid),
      .m_rready(bus_axi_rready)
  );

  card_macs #(
      .CAGES(`SAPULSE_BUILD_CAGES),
      .LINE_VID(`SAPULSE_BUILD_LINE_VID),
      .CORE_VID(`SAPULSE_BUILD_CORE_VID)
  ) u_macs (
      .init_clk,
      .gt_refclk_p(qsfp_refclk_p),
      .gt_refclk_n(qsfp_refclk_n),
      .gt_rxp(qsfp_rxp),
      .gt_rxn(qsfp_rxn),
      .gt_txp(qsfp_txp),
      .gt_txn(qsfp_txn),
      .core_clk,
      .core_rst,
      .line_rx_valid,
      .line_rx_ready,
      .line_rx_beat,
      .line_tx_valid,
      .line_tx_ready,
      .line_tx_beat,
      .core_rx_valid,
      .core_rx_ready,
      .core_rx_beat,
      .core_tx_valid,
      .core_tx_ready,
      .core_tx_beat,
      .s_axil_awaddr(awaddr),
      .s_axil_awvalid(macs_awvalid),
      .s_axil_awready(macs_awready),
      .s_axil_wdata(wdata),
      .s_axil_wstrb(wstrb),
      .s_axil_wvalid(macs_wvalid),
      .s_axil_wready(macs_wready),
      .s_axil_bresp(macs_bresp),
      .s_axil_bvalid(macs_bvalid),
      .s_axil_bready(macs_bready),
      .s_axil_araddr(araddr),
      .s_axil_arvalid(macs_arvalid),
      .s_axil_arready(macs_arready),
      .s_axil_rdata(macs_rdata),
      .s_axil_rresp(macs_rresp),
      .s_axil_rvalid(macs_rvalid),
      .s_axil_rready(macs_rready)
  );

  // The bridge's addresses begin at its BAR.
  logic unused_address;
  assign unused_address = ^{bus_axil_awaddr[31:17], bus_axil_araddr[31:17]};

endmodule

`default_nettype wire
