// SPDX-License-Identifier: Apache-2.0
// Rules of a manager of AXI4-Lite (A3.2.1): what it offers stays as it is until it is taken.
//
// ASSUMED  0: the rules are asserted, of what is under proof; 1: they are assumed, of its surroundings
`default_nettype none

module axil_manager_rules #(
    parameter bit ASSUMED = 1'b0
) (
    input wire clk,
    input wire rst,
    axil_if.monitor axil
);

  channel_rules #(.ASSUMED(ASSUMED), .WIDTH(axil.ADDRESS_W)) u_aw (
      .clk, .rst, .valid(axil.awvalid), .ready(axil.awready), .data(axil.aw)
  );
  channel_rules #(.ASSUMED(ASSUMED), .WIDTH(axil.WDATA_W)) u_w (
      .clk, .rst, .valid(axil.wvalid), .ready(axil.wready), .data(axil.w)
  );
  channel_rules #(.ASSUMED(ASSUMED), .WIDTH(axil.ADDRESS_W)) u_ar (
      .clk, .rst, .valid(axil.arvalid), .ready(axil.arready), .data(axil.ar)
  );

endmodule

`default_nettype wire
