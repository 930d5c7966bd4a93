// SPDX-License-Identifier: Apache-2.0
// axil_checker behind loose ports, all of them inputs.
`default_nettype none

module axil_checker_bench (
    input wire        clk, rst, awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready,
    input wire [15:0] awaddr, araddr,
    input wire [31:0] wdata, rdata,
    input wire [3:0]  wstrb,
    input wire [1:0]  bresp, rresp
);

  axil_if axil ();
  assign axil.awvalid = awvalid, axil.awready = awready, axil.aw = '{prot: 3'd0, addr: awaddr};
  assign axil.wvalid = wvalid, axil.wready = wready, axil.w = '{strb: wstrb, data: wdata};
  assign axil.bvalid = bvalid, axil.bready = bready, axil.b = '{resp: bresp};
  assign axil.arvalid = arvalid, axil.arready = arready, axil.ar = '{prot: 3'd0, addr: araddr};
  assign axil.rvalid = rvalid, axil.rready = rready, axil.r = '{resp: rresp, data: rdata};

  axil_checker u_checker (.clk, .rst, .axil);

endmodule

`default_nettype wire
