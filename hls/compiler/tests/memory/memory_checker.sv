// SPDX-License-Identifier: Apache-2.0
// axi_checker at the ports of a kernel, whose names are those of Vitis HLS.
`default_nettype none

module memory_checker #(
    parameter int DATA_W = 32
) (
    input wire                ap_clk,
    input wire                ap_rst_n,
    input wire                AWVALID,
    input wire                AWREADY,
    input wire [63:0]         AWADDR,
    input wire                AWID,
    input wire [7:0]          AWLEN,
    input wire [2:0]          AWSIZE,
    input wire [1:0]          AWBURST,
    input wire [3:0]          AWCACHE,
    input wire [2:0]          AWPROT,
    input wire                WVALID,
    input wire                WREADY,
    input wire [DATA_W-1:0]   WDATA,
    input wire [DATA_W/8-1:0] WSTRB,
    input wire                WLAST,
    input wire                BVALID,
    input wire                BREADY,
    input wire [1:0]          BRESP,
    input wire                BID,
    input wire                ARVALID,
    input wire                ARREADY,
    input wire [63:0]         ARADDR,
    input wire                ARID,
    input wire [7:0]          ARLEN,
    input wire [2:0]          ARSIZE,
    input wire [1:0]          ARBURST,
    input wire [3:0]          ARCACHE,
    input wire [2:0]          ARPROT,
    input wire                RVALID,
    input wire                RREADY,
    input wire [DATA_W-1:0]   RDATA,
    input wire                RLAST,
    input wire [1:0]          RRESP,
    input wire                RID
);
  axi_if #(.ADDR_W(64), .DATA_W(DATA_W), .ID_W(1)) axi ();

  assign axi.aw = '{id: AWID, addr: AWADDR, len: AWLEN, size: AWSIZE, burst: AWBURST, cache: AWCACHE, prot: AWPROT};
  assign axi.awvalid = AWVALID;
  assign axi.awready = AWREADY;
  assign axi.w = '{data: WDATA, strb: WSTRB, last: WLAST};
  assign axi.wvalid = WVALID;
  assign axi.wready = WREADY;
  assign axi.b = '{id: BID, resp: BRESP};
  assign axi.bvalid = BVALID;
  assign axi.bready = BREADY;
  assign axi.ar = '{id: ARID, addr: ARADDR, len: ARLEN, size: ARSIZE, burst: ARBURST, cache: ARCACHE, prot: ARPROT};
  assign axi.arvalid = ARVALID;
  assign axi.arready = ARREADY;
  assign axi.r = '{id: RID, data: RDATA, resp: RRESP, last: RLAST};
  assign axi.rvalid = RVALID;
  assign axi.rready = RREADY;

  axi_checker #(.PENDING(64)) u_checker (.clk(ap_clk), .rst(!ap_rst_n), .axi);
endmodule

`default_nettype wire
