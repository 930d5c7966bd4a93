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
    input wire sysclk_p, sysclk_n,

    input wire          pcie_refclk_p, pcie_refclk_n,
    input wire          pcie_perst_n,
    input wire [15:0]   pcie_rxp, pcie_rxn,
    output logic [15:0] pcie_txp, pcie_txn,

    input wire [`SAPULSE_BUILD_CAGES-1:0]     qsfp_refclk_p, qsfp_refclk_n,
    input wire [4*`SAPULSE_BUILD_CAGES-1:0]   qsfp_rxp, qsfp_rxn,
    output logic [4*`SAPULSE_BUILD_CAGES-1:0] qsfp_txp, qsfp_txn,

    output logic [`SAPULSE_BUILD_FIXED_PINS-1:0] fixed_pins
);

  localparam int unsigned IRQS = sapulse_pkg::REG_INTERRUPT_STATUS_BITS;

  assign fixed_pins = `SAPULSE_BUILD_FIXED_LEVELS;

  // Clocks and resets.
  logic core_clk, init_clk, locked, core_rst, core_aresetn, bus_clk, bus_down, bus_rst, crossing_rst;

  card_clocks u_clocks (.clk_in1_p(sysclk_p), .clk_in1_n(sysclk_n), .core_clk, .init_clk, .locked);
  card_reset u_reset (.clk(core_clk), .locked, .bus_rst(bus_down), .rst(core_rst));
  always_ff @(posedge core_clk) core_aresetn <= !core_rst;
  crossing_reset u_crossing_rst (
      .a_clk(core_clk),
      .a_request(core_rst),
      .a_rst(crossing_rst),
      .b_clk(bus_clk),
      .b_request(bus_down),
      .b_rst(bus_rst)
  );

  // Host bus. bus_*: in bus_clk.
  logic irq_request, irq_acknowledge;
  logic [10:0] irq_number;
  logic [IRQS-1:0] irq, irq_seen;
  axil_if #(.ADDR_W(17)) bus_axil (), host_axil ();
  axi_if bus_axi (), axi ();
  logic [1:0] core_faults, bus_faults;  // of the crossings
  logic bus_fault;

  host_bus u_host_bus (
      .pcie_refclk_p, .pcie_refclk_n, .pcie_perst_n, .pcie_rxp, .pcie_rxn, .pcie_txp, .pcie_txn,
      .clk(bus_clk),
      .rst(bus_down),
      .irq_request, .irq_number, .irq_acknowledge,
      .axil(bus_axil),
      .axi(bus_axi)
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

  axil_crossing u_axil_crossing (
      .s_clk(bus_clk),
      .s_rst(bus_rst),
      .s(bus_axil),
      .s_fault(bus_faults[0]),
      .m_clk(core_clk),
      .m_rst(crossing_rst),
      .m(host_axil),
      .m_fault(core_faults[0])
  );
  axi_crossing u_axi_crossing (
      .s_clk(core_clk),
      .s_rst(crossing_rst),
      .s(axi),
      .s_fault(core_faults[1]),
      .m_clk(bus_clk),
      .m_rst(bus_rst),
      .m(bus_axi),
      .m_fault(bus_faults[1])
  );
  crossing_faults u_crossing_faults (
      .core_clk,
      .core_rst(crossing_rst),
      .core_faults,
      .fault(bus_fault),
      .bus_clk, .bus_rst, .bus_faults
  );

  // Registers: core, MACs.
  axil_if core_axil (), macs_axil ();
  axil_split u_axil_split (.clk(core_clk), .rst(crossing_rst), .s(host_axil), .a(core_axil), .b(macs_axil));

  stream_if #(sapulse_pkg::axis_beat) line_rx (), line_tx (), core_rx (), core_tx ();

  sapulse_core #(
      .SA_CAPACITY(`SAPULSE_BUILD_SA_CAPACITY),
      .CLOCK_KHZ(`SAPULSE_BUILD_CLOCK_KHZ)
  ) u_core (
      .aclk(core_clk),
      .aresetn(core_aresetn),
      .git_hash(`SAPULSE_BUILD_GIT_HASH),
      .line_rx, .line_tx, .core_rx, .core_tx,
      .axil(core_axil),
      .axi, .bus_fault, .irq
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
      .core_clk, .core_rst,
      .line_rx, .line_tx, .core_rx, .core_tx,
      .axil(macs_axil)
  );

endmodule

`default_nettype wire
