// SPDX-License-Identifier: Apache-2.0
// The core as a user-managed RTL kernel for XRT: the names that Vitis expects for clock, reset and interrupt; this build's
// parameters.
//
// s_axil  registers of the core (64 KiB), then the kernel's own page: RESET (kernel_reset)
// The MACs are another kernel, which goes on when the core is reset: frames under way are cut off cleanly at the streams' gates.
`default_nettype none
`include "sapulse_build.svh"
`include "sapulse_ports.svh"

module sapulse (
    input wire ap_clk,
    input wire ap_rst_n,

    `SAPULSE_AXIS_SINK_PORTS(s_axis_line),
    `SAPULSE_AXIS_SOURCE_PORTS(m_axis_line),
    `SAPULSE_AXIS_SINK_PORTS(s_axis_core),
    `SAPULSE_AXIS_SOURCE_PORTS(m_axis_core),
    `SAPULSE_AXIL_SUBORDINATE_PORTS(s_axil, 17),
    `SAPULSE_AXI_MANAGER_PORTS(m_axi),

    /* verilator lint_off SYMRSVDWORD */
    output logic interrupt
    /* verilator lint_on SYMRSVDWORD */
);

  // Routes the reset over the chip.
  logic [2:0] reset_n;
  logic platform_rst, core_rst, core_aresetn, gates_closed;
  always_ff @(posedge ap_clk) reset_n <= {reset_n[1:0], ap_rst_n};
  assign platform_rst = !reset_n[2];
  always_ff @(posedge ap_clk) core_aresetn <= !core_rst;

  // Registers: core, RESET.
  axil_if #(.ADDR_W(17)) axil ();
  axil_if core_axil (), reset_axil ();
  `SAPULSE_AXIL_SUBORDINATE(s_axil, axil)
  axil_split u_axil_split (.clk(ap_clk), .rst(platform_rst), .s(axil), .a(core_axil), .b(reset_axil));
  kernel_reset u_reset (.clk(ap_clk), .platform_rst, .core_rst, .closed(gates_closed), .axil(reset_axil));

  // Streams. What the core does not finish ends as a frame that is marked bad, which the MACs do not send.
  stream_if #(sapulse_pkg::axis_beat) line_in (), line_rx (), line_tx (), line_out ();
  stream_if #(sapulse_pkg::axis_beat) core_in (), core_rx (), core_tx (), core_out ();
  logic [3:0] unused_abort;  // its mark is enough
  `SAPULSE_AXIS_SINK(s_axis_line, line_in)
  `SAPULSE_AXIS_SOURCE(m_axis_line, line_out)
  `SAPULSE_AXIS_SINK(s_axis_core, core_in)
  `SAPULSE_AXIS_SOURCE(m_axis_core, core_out)

  frame_gate #(
      .ABORT_WAITS(1'b0)
  ) u_line_rx_gate (
      .clk(ap_clk),
      .restart(platform_rst),
      .closed(gates_closed),
      .in(line_in),
      .out(line_rx),
      .abort(unused_abort[0])
  );
  frame_gate u_line_tx_gate (
      .clk(ap_clk),
      .restart(gates_closed),
      .closed(platform_rst),
      .in(line_tx),
      .out(line_out),
      .abort(unused_abort[1])
  );
  frame_gate #(
      .ABORT_WAITS(1'b0)
  ) u_core_rx_gate (
      .clk(ap_clk),
      .restart(platform_rst),
      .closed(gates_closed),
      .in(core_in),
      .out(core_rx),
      .abort(unused_abort[2])
  );
  frame_gate u_core_tx_gate (
      .clk(ap_clk),
      .restart(gates_closed),
      .closed(platform_rst),
      .in(core_tx),
      .out(core_out),
      .abort(unused_abort[3])
  );

  axi_if axi ();
  `SAPULSE_AXI_MANAGER(m_axi, axi)

  logic [sapulse_pkg::REG_INTERRUPT_STATUS_BITS-1:0] irq;
  always_ff @(posedge ap_clk) interrupt <= |irq;

  sapulse_core #(
      .SA_CAPACITY(`SAPULSE_BUILD_SA_CAPACITY),
      .CLOCK_KHZ(`SAPULSE_BUILD_CLOCK_KHZ)
  ) u_core (
      .aclk(ap_clk),
      .aresetn(core_aresetn),
      .git_hash(`SAPULSE_BUILD_GIT_HASH),
      .line_rx, .line_tx, .core_rx, .core_tx,
      .axil(core_axil),
      .axi,
      .bus_fault(1'b0),  // the platform's bus has its own clock crossings
      .irq
  );

endmodule

`default_nettype wire
