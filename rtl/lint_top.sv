// SPDX-License-Identifier: Apache-2.0
// sapulse_core with loose ports, for tools that take no interface at their top (rtl/lint.sh, scripts/synth).
`default_nettype none
`include "sapulse_ports.svh"

module lint_top #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ   = 322266
) (
    input wire        aclk,
    input wire        aresetn,
    input wire [31:0] git_hash,
    input wire        bus_fault,

    `SAPULSE_AXIS_SINK_PORTS(s_axis_line),
    `SAPULSE_AXIS_SOURCE_PORTS(m_axis_line),
    `SAPULSE_AXIS_SINK_PORTS(s_axis_core),
    `SAPULSE_AXIS_SOURCE_PORTS(m_axis_core),
    `SAPULSE_AXIL_SUBORDINATE_PORTS(s_axil, 16),
    `SAPULSE_AXI_MANAGER_PORTS(m_axi),
    output logic [sapulse_pkg::REG_INTERRUPT_STATUS_BITS-1:0] irq
);

  stream_if #(sapulse_pkg::axis_beat) line_rx (), line_tx (), core_rx (), core_tx ();
  axil_if axil ();
  axi_if axi ();
  `SAPULSE_AXIS_SINK(s_axis_line, line_rx)
  `SAPULSE_AXIS_SOURCE(m_axis_line, line_tx)
  `SAPULSE_AXIS_SINK(s_axis_core, core_rx)
  `SAPULSE_AXIS_SOURCE(m_axis_core, core_tx)
  `SAPULSE_AXIL_SUBORDINATE(s_axil, axil)
  `SAPULSE_AXI_MANAGER(m_axi, axi)

  sapulse_core #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ(CLOCK_KHZ)
  ) u_core (.*);

endmodule

`default_nettype wire
