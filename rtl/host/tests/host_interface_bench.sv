// SPDX-License-Identifier: Apache-2.0
// host_interface with plain ports.
`default_nettype none

module host_interface_bench #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266
) (
    input wire clk,
    input wire rst,
    input wire [31:0] git_hash,

    input  wire  [15:0] s_axil_awaddr,
    input  wire  s_axil_awvalid,
    output logic s_axil_awready,
    input  wire  [31:0] s_axil_wdata,
    input  wire  [3:0] s_axil_wstrb,
    input  wire  s_axil_wvalid,
    output logic s_axil_wready,
    output logic [1:0] s_axil_bresp,
    output logic s_axil_bvalid,
    input  wire  s_axil_bready,
    input  wire  [15:0] s_axil_araddr,
    input  wire  s_axil_arvalid,
    output logic s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [1:0] s_axil_rresp,
    output logic s_axil_rvalid,
    input  wire  s_axil_rready,

    output logic [3:0] m_axi_awid,
    output logic [63:0] m_axi_awaddr,
    output logic [7:0] m_axi_awlen,
    output logic [2:0] m_axi_awsize,
    output logic [1:0] m_axi_awburst,
    output logic [3:0] m_axi_awcache,
    output logic [2:0] m_axi_awprot,
    output logic m_axi_awvalid,
    input  wire  m_axi_awready,
    output host_pkg::beat_t m_axi_wdata,
    output logic [sapulse_pkg::BEAT_BYTES-1:0] m_axi_wstrb,
    output logic m_axi_wlast,
    output logic m_axi_wvalid,
    input  wire  m_axi_wready,
    input  wire  [3:0] m_axi_bid,
    input  wire  [1:0] m_axi_bresp,
    input  wire  m_axi_bvalid,
    output logic m_axi_bready,
    output logic [3:0] m_axi_arid,
    output logic [63:0] m_axi_araddr,
    output logic [7:0] m_axi_arlen,
    output logic [2:0] m_axi_arsize,
    output logic [1:0] m_axi_arburst,
    output logic [3:0] m_axi_arcache,
    output logic [2:0] m_axi_arprot,
    output logic m_axi_arvalid,
    input  wire  m_axi_arready,
    input  wire  [3:0] m_axi_rid,
    input  host_pkg::beat_t m_axi_rdata,
    input  wire  [1:0] m_axi_rresp,
    input  wire  m_axi_rlast,
    input  wire  m_axi_rvalid,
    output logic m_axi_rready,

    output logic [host_pkg::INTERRUPTS-1:0] irq,

    input  wire  stopped,
    output logic memory_fault,

    output logic cfg_enable,
    output logic cfg_authoritative,
    output logic cfg_probing,
    output logic [3:0] cfg_exception_copies,
    output logic [sapulse_pkg::LOCAL_ADDRESSES-1:0] cfg_local_valid,
    output logic [sapulse_pkg::LOCAL_ADDRESSES-1:0][127:0] cfg_local_address,
    output logic [sapulse_pkg::LOCAL_MACS-1:0] cfg_mac_valid,
    output logic [sapulse_pkg::LOCAL_MACS-1:0][47:0] cfg_mac,
    output logic [15:0] cfg_udp_port,
    output logic [63:0] cfg_source_key,
    output logic [31:0] cfg_source_interval,
    output logic [7:0] cfg_source_burst,
    output logic [23:0] cfg_tx_share,
    output logic [29:0] cfg_transaction_seed,

    input  wire  [7:0] action_spi,
    output logic [2:0] action,
    output logic [63:0] now,
    output logic [63:0] uptime,
    input  wire  limit_valid,
    input  wire  [4:0] limit_cause,
    output logic limit_pass,
    input  datapath_pkg::increments_t counter_increment,
    input  wire  tables_ready,
    input  wire  datapath_idle,

    output logic cmd_valid,
    input  wire  cmd_ready,
    output logic [8*sapulse_pkg::COMMAND_BYTES-1:0] cmd_descriptor,
    input  wire  rsp_valid,
    output logic rsp_ready,
    input  wire  [7:0] rsp_status,
    input  wire  [8*sapulse_pkg::COMPLETION_BYTES-1:0] rsp_completion,

    output logic exc_room,
    input  wire  exc_valid,
    output logic exc_ready,
    input  host_pkg::beat_t exc_data,
    input  wire  exc_last,

    output logic evt_room,
    input  wire  evt_valid,
    output logic evt_ready,
    input  host_pkg::beat_t evt_data,
    input  wire  evt_last,

    output logic frame_tvalid,
    input  wire  frame_tready,
    output host_pkg::beat_t frame_tdata,
    output logic [sapulse_pkg::BEAT_BYTES-1:0] frame_tkeep,
    output logic frame_tlast
);

  axil_if axil ();
  assign axil.aw = '{addr: s_axil_awaddr, prot: 3'b000};
  assign axil.awvalid = s_axil_awvalid;
  assign s_axil_awready = axil.awready;
  assign axil.w = '{data: s_axil_wdata, strb: s_axil_wstrb};
  assign axil.wvalid = s_axil_wvalid;
  assign s_axil_wready = axil.wready;
  assign s_axil_bresp = axil.b.resp;
  assign s_axil_bvalid = axil.bvalid;
  assign axil.bready = s_axil_bready;
  assign axil.ar = '{addr: s_axil_araddr, prot: 3'b000};
  assign axil.arvalid = s_axil_arvalid;
  assign s_axil_arready = axil.arready;
  assign {s_axil_rdata, s_axil_rresp} = {axil.r.data, axil.r.resp};
  assign s_axil_rvalid = axil.rvalid;
  assign axil.rready = s_axil_rready;

  axi_if axi ();
  assign {m_axi_awid, m_axi_awaddr, m_axi_awlen} = {axi.aw.id, axi.aw.addr, axi.aw.len};
  assign {m_axi_awsize, m_axi_awburst, m_axi_awcache, m_axi_awprot} = {axi.aw.size, axi.aw.burst, axi.aw.cache, axi.aw.prot};
  assign m_axi_awvalid = axi.awvalid;
  assign axi.awready = m_axi_awready;
  assign {m_axi_wdata, m_axi_wstrb, m_axi_wlast} = {axi.w.data, axi.w.strb, axi.w.last};
  assign m_axi_wvalid = axi.wvalid;
  assign axi.wready = m_axi_wready;
  assign axi.b = '{id: m_axi_bid, resp: m_axi_bresp};
  assign axi.bvalid = m_axi_bvalid;
  assign m_axi_bready = axi.bready;
  assign {m_axi_arid, m_axi_araddr, m_axi_arlen} = {axi.ar.id, axi.ar.addr, axi.ar.len};
  assign {m_axi_arsize, m_axi_arburst, m_axi_arcache, m_axi_arprot} = {axi.ar.size, axi.ar.burst, axi.ar.cache, axi.ar.prot};
  assign m_axi_arvalid = axi.arvalid;
  assign axi.arready = m_axi_arready;
  assign axi.r = '{id: m_axi_rid, data: m_axi_rdata, resp: m_axi_rresp, last: m_axi_rlast};
  assign axi.rvalid = m_axi_rvalid;
  assign m_axi_rready = axi.rready;

  datapath_pkg::config_t cfg;
  assign cfg_enable = cfg.enable;
  assign cfg_authoritative = cfg.authoritative;
  assign cfg_probing = cfg.probing;
  assign cfg_exception_copies = cfg.exception_copies;
  assign cfg_local_valid = cfg.local_valid;
  assign cfg_local_address = cfg.local_address;
  assign cfg_mac_valid = cfg.mac_valid;
  assign cfg_mac = cfg.mac;
  assign cfg_udp_port = cfg.udp_port;
  assign cfg_source_key = cfg.source_limit.key;
  assign cfg_source_interval = cfg.source_limit.interval;
  assign cfg_source_burst = cfg.source_limit.burst;
  assign cfg_tx_share = cfg.tx_share;
  assign cfg_transaction_seed = cfg.transaction_seed;

  limit_if limit ();
  assign limit.valid = limit_valid;
  assign limit.cause = limit_cause;
  assign limit_pass = limit.pass && limit.grant;

  command_if command ();
  assign cmd_valid = command.cmd_valid;
  assign command.cmd_ready = cmd_ready;
  assign cmd_descriptor = command.descriptor;
  assign command.rsp_valid = rsp_valid;
  assign rsp_ready = command.rsp_ready;
  assign command.status = rsp_status;
  assign command.completion = rsp_completion;

  ring_entry_if exceptions (), events ();
  assign exc_room = exceptions.room;
  assign exceptions.valid = exc_valid;
  assign exc_ready = exceptions.ready;
  assign exceptions.beat = '{data: exc_data, last: exc_last};
  assign evt_room = events.room;
  assign events.valid = evt_valid;
  assign evt_ready = events.ready;
  assign events.beat = '{data: evt_data, last: evt_last};

  stream_if #(sapulse_pkg::axis_beat) frame ();
  assign frame_tvalid = frame.valid;
  assign frame.ready = frame_tready;
  assign {frame_tdata, frame_tkeep, frame_tlast} = {frame.data.data, frame.data.keep, frame.data.last};

  host_interface #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ(CLOCK_KHZ)
  ) u_host (
      .clk, .rst,
      .git_hash,
      .axil, .axi, .irq,
      .cfg, .action_spi, .action,
      .now, .uptime,
      .limit,
      .increments(counter_increment),
      .tables_ready, .datapath_idle,
      .command, .exceptions, .events, .frame,
      .stopped,
      .memory_fault
  );

endmodule

`default_nettype wire
