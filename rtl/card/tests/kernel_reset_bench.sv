// SPDX-License-Identifier: Apache-2.0
// kernel_reset behind loose ports.
`default_nettype none
`include "sapulse_ports.svh"

module kernel_reset_bench (
    input wire   clk, platform_rst,
    output logic core_rst, closed,
    `SAPULSE_AXIL_SUBORDINATE_PORTS(s_axil, 16)
);

  axil_if axil ();
  `SAPULSE_AXIL_SUBORDINATE(s_axil, axil)

  kernel_reset u_reset (.clk, .platform_rst, .core_rst, .closed, .axil);

endmodule

`default_nettype wire
