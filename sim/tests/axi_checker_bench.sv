// SPDX-License-Identifier: Apache-2.0
// axi_checker behind loose ports, all of them inputs.
`default_nettype none

module axi_checker_bench (
    input wire        clk, rst, awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready,
    input wire [3:0]  awid, bid, arid, rid,
    input wire [63:0] awaddr, araddr,
    input wire [7:0]  awlen, arlen,
    input wire [2:0]  awsize, arsize,
    input wire [1:0]  awburst, arburst, bresp, rresp,
    input wire        wlast, rlast,
    input wire [8*sapulse_pkg::BEAT_BYTES-1:0] wdata, rdata,
    input wire [sapulse_pkg::BEAT_BYTES-1:0]   wstrb
);

  axi_if axi ();
  assign axi.awvalid = awvalid, axi.awready = awready;
  assign axi.aw = '{prot: 3'd0, cache: 4'd0, burst: awburst, size: awsize, len: awlen, addr: awaddr, id: awid};
  assign axi.wvalid = wvalid, axi.wready = wready, axi.w = '{last: wlast, strb: wstrb, data: wdata};
  assign axi.bvalid = bvalid, axi.bready = bready, axi.b = '{resp: bresp, id: bid};
  assign axi.arvalid = arvalid, axi.arready = arready;
  assign axi.ar = '{prot: 3'd0, cache: 4'd0, burst: arburst, size: arsize, len: arlen, addr: araddr, id: arid};
  assign axi.rvalid = rvalid, axi.rready = rready, axi.r = '{last: rlast, resp: rresp, data: rdata, id: rid};

  axi_checker u_checker (.clk, .rst, .axi);

endmodule

`default_nettype wire
