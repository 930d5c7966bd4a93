// SPDX-License-Identifier: Apache-2.0
// Loose ports for the outermost tops, whose surroundings know no interfaces: the vendor's packager and Verilator's C++. Their names
// are those by which the vendor's tools recognise a bus (s_axis_line_tdata ..). *_PORTS declares the ports of bus `name`; the macro
// without _PORTS connects them to an interface within.
//
//   SAPULSE_AXIS_SINK(name, stream)        frames that come in; stream_if of axis_beat
//   SAPULSE_AXIS_SOURCE(name, stream)      frames that leave
//   SAPULSE_AXIL_SUBORDINATE(name, axil)   registers; axil_if of as many address bits as *_PORTS is told
//   SAPULSE_AXI_MANAGER(name, axi)         host memory; axi_if as it is by default
`ifndef SAPULSE_PORTS_SVH
`define SAPULSE_PORTS_SVH

`define SAPULSE_AXIS_SINK_PORTS(name) \
    input  wire [8*sapulse_pkg::BEAT_BYTES-1:0] name``_tdata, \
    input  wire [sapulse_pkg::BEAT_BYTES-1:0]   name``_tkeep, \
    input  wire  name``_tlast, name``_tuser, name``_tvalid, \
    output logic name``_tready

`define SAPULSE_AXIS_SINK(name, stream) \
  assign stream.valid = name``_tvalid; \
  assign stream.data = '{user: name``_tuser, last: name``_tlast, keep: name``_tkeep, data: name``_tdata}; \
  assign name``_tready = stream.ready;

`define SAPULSE_AXIS_SOURCE_PORTS(name) \
    output logic [8*sapulse_pkg::BEAT_BYTES-1:0] name``_tdata, \
    output logic [sapulse_pkg::BEAT_BYTES-1:0]   name``_tkeep, \
    output logic name``_tlast, name``_tuser, name``_tvalid, \
    input  wire  name``_tready

`define SAPULSE_AXIS_SOURCE(name, stream) \
  assign name``_tvalid = stream.valid; \
  assign name``_tdata = stream.data.data, name``_tkeep = stream.data.keep; \
  assign name``_tlast = stream.data.last, name``_tuser = stream.data.user; \
  assign stream.ready = name``_tready;

`define SAPULSE_AXIL_SUBORDINATE_PORTS(name, ADDR_W) \
    input  wire  [ADDR_W-1:0] name``_awaddr, name``_araddr, \
    input  wire  [2:0]  name``_awprot, name``_arprot, \
    input  wire  [31:0] name``_wdata, \
    input  wire  [3:0]  name``_wstrb, \
    output logic [31:0] name``_rdata, \
    output logic [1:0]  name``_bresp, name``_rresp, \
    input  wire  name``_awvalid, name``_wvalid, name``_bready, name``_arvalid, name``_rready, \
    output logic name``_awready, name``_wready, name``_bvalid, name``_arready, name``_rvalid

`define SAPULSE_AXIL_SUBORDINATE(name, axil) \
  assign axil.aw = '{prot: name``_awprot, addr: name``_awaddr}; \
  assign axil.w = '{strb: name``_wstrb, data: name``_wdata}; \
  assign axil.ar = '{prot: name``_arprot, addr: name``_araddr}; \
  assign axil.awvalid = name``_awvalid, axil.wvalid = name``_wvalid, axil.bready = name``_bready; \
  assign axil.arvalid = name``_arvalid, axil.rready = name``_rready; \
  assign name``_awready = axil.awready, name``_wready = axil.wready, name``_bvalid = axil.bvalid; \
  assign name``_arready = axil.arready, name``_rvalid = axil.rvalid; \
  assign name``_bresp = axil.b.resp, name``_rresp = axil.r.resp, name``_rdata = axil.r.data;

`define SAPULSE_AXI_MANAGER_PORTS(name) \
    output logic [3:0]  name``_awid, name``_arid, \
    output logic [63:0] name``_awaddr, name``_araddr, \
    output logic [7:0]  name``_awlen, name``_arlen, \
    output logic [2:0]  name``_awsize, name``_arsize, name``_awprot, name``_arprot, \
    output logic [1:0]  name``_awburst, name``_arburst, \
    output logic [3:0]  name``_awcache, name``_arcache, name``_awqos, name``_arqos, name``_awregion, name``_arregion, \
    output logic        name``_awlock, name``_arlock, \
    output logic [8*sapulse_pkg::BEAT_BYTES-1:0] name``_wdata, \
    output logic [sapulse_pkg::BEAT_BYTES-1:0]   name``_wstrb, \
    output logic name``_wlast, \
    input  wire [3:0] name``_bid, name``_rid, \
    input  wire [1:0] name``_bresp, name``_rresp, \
    input  wire [8*sapulse_pkg::BEAT_BYTES-1:0]  name``_rdata, \
    input  wire  name``_rlast, \
    output logic name``_awvalid, name``_wvalid, name``_bready, name``_arvalid, name``_rready, \
    input  wire  name``_awready, name``_wready, name``_bvalid, name``_arready, name``_rvalid

// What axi_if does not carry is 0.
`define SAPULSE_AXI_MANAGER(name, axi) \
  assign name``_awid = axi.aw.id, name``_awaddr = axi.aw.addr, name``_awlen = axi.aw.len, name``_awsize = axi.aw.size; \
  assign name``_awburst = axi.aw.burst, name``_awcache = axi.aw.cache, name``_awprot = axi.aw.prot; \
  assign name``_arid = axi.ar.id, name``_araddr = axi.ar.addr, name``_arlen = axi.ar.len, name``_arsize = axi.ar.size; \
  assign name``_arburst = axi.ar.burst, name``_arcache = axi.ar.cache, name``_arprot = axi.ar.prot; \
  assign {name``_awlock, name``_awqos, name``_awregion, name``_arlock, name``_arqos, name``_arregion} = '0; \
  assign name``_wdata = axi.w.data, name``_wstrb = axi.w.strb, name``_wlast = axi.w.last; \
  assign axi.b = '{resp: name``_bresp, id: name``_bid}; \
  assign axi.r = '{last: name``_rlast, resp: name``_rresp, data: name``_rdata, id: name``_rid}; \
  assign name``_awvalid = axi.awvalid, name``_wvalid = axi.wvalid, name``_bready = axi.bready; \
  assign name``_arvalid = axi.arvalid, name``_rready = axi.rready; \
  assign axi.awready = name``_awready, axi.wready = name``_wready, axi.bvalid = name``_bvalid; \
  assign axi.arready = name``_arready, axi.rvalid = name``_rvalid;

`endif
