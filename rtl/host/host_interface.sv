// SPDX-License-Identifier: Apache-2.0
// The card as the host sees it: registers, rings in host memory, counters, rate limits, clock, interrupts.
// Registers and descriptors: docs/registers.md. Order of host memory writes: docs/architecture.md, "Host memory".
//
// SA_CAPACITY  number of SAs, for the register of that name
// CLOCK_KHZ    frequency of clk, 4000..1000000
// GIT_HASH     for the register of that name
//
// s_axil       AXI4-Lite slave; one access at a time
// m_axi        AXI4 master to host memory: bursts of at most 16 beats inside 1 KiB, ID 0, one write burst and one read request
//              (up to 144 beats in several bursts) at a time. Cache type Normal Non-cacheable Non-bufferable (AXI4 section A4.4):
//              the write response has to mean that the write is visible. Protection type unprivileged, secure, data.
// irq          levels: pending and enabled, in the order of INTERRUPT_STATUS
// cfg          static configuration; local address i at cfg_local_address[128*i +: 128]
// action       reserved SPI -> action, in the same cycle; PASS until the table is clear after reset
// now          clock, ns
// limit        token bucket of a cause, in the same cycle; a token is taken when limit_valid and limit_pass are both 1
// counter      increment of counter i at counter_increment[7*i +: 7], every cycle
// cmd, rsp     commands other than FRAME: descriptor (byte i at bits [8i+7:8i]) stable until cmd_ready, then the answer. The head
//              of rsp_completion (opcode, status, cookie, sa) and its time are replaced here.
// exc_room     one more exception than those handed over completely will find room in the ring. To be looked at once before the
//              first beat of an exception; that exception is then accepted without waiting for the host.
// exc          4 beats per exception; the field count is filled in here
// frame        frames of FRAME commands, 60..9216 bytes; no gap inside a frame as long as frame_tready stays 1
// datapath_idle, tables_ready: for the register STATUS
`default_nettype none

module host_interface #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266,
    parameter logic [31:0] GIT_HASH = 32'h0,
    localparam int unsigned COUNTERS = sapulse_pkg::COUNTERS,
    localparam int unsigned LOCAL_ADDRESSES = sapulse_pkg::LOCAL_ADDRESSES
) (
    input wire clk,
    input wire rst,

    input  wire  [15:0] s_axil_awaddr,
    input  wire         s_axil_awvalid,
    output logic        s_axil_awready,
    input  wire  [31:0] s_axil_wdata,
    input  wire  [ 3:0] s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output logic        s_axil_wready,
    output logic [ 1:0] s_axil_bresp,
    output logic        s_axil_bvalid,
    input  wire         s_axil_bready,
    input  wire  [15:0] s_axil_araddr,
    input  wire         s_axil_arvalid,
    output logic        s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [ 1:0] s_axil_rresp,
    output logic        s_axil_rvalid,
    input  wire         s_axil_rready,

    output logic [  3:0] m_axi_awid,
    output logic [ 63:0] m_axi_awaddr,
    output logic [  7:0] m_axi_awlen,
    output logic [  2:0] m_axi_awsize,
    output logic [  1:0] m_axi_awburst,
    output logic [  3:0] m_axi_awcache,
    output logic [  2:0] m_axi_awprot,
    output logic         m_axi_awvalid,
    input  wire          m_axi_awready,
    output logic [511:0] m_axi_wdata,
    output logic [ 63:0] m_axi_wstrb,
    output logic         m_axi_wlast,
    output logic         m_axi_wvalid,
    input  wire          m_axi_wready,
    input  wire  [  3:0] m_axi_bid,
    input  wire  [  1:0] m_axi_bresp,
    input  wire          m_axi_bvalid,
    output logic         m_axi_bready,
    output logic [  3:0] m_axi_arid,
    output logic [ 63:0] m_axi_araddr,
    output logic [  7:0] m_axi_arlen,
    output logic [  2:0] m_axi_arsize,
    output logic [  1:0] m_axi_arburst,
    output logic [  3:0] m_axi_arcache,
    output logic [  2:0] m_axi_arprot,
    output logic         m_axi_arvalid,
    input  wire          m_axi_arready,
    input  wire  [  3:0] m_axi_rid,
    input  wire  [511:0] m_axi_rdata,
    input  wire  [  1:0] m_axi_rresp,
    input  wire          m_axi_rlast,
    input  wire          m_axi_rvalid,
    output logic         m_axi_rready,

    output logic [2:0] irq,

    output logic                           cfg_enable,
    output logic                           cfg_authoritative,
    output logic [    LOCAL_ADDRESSES-1:0] cfg_local_valid,
    output logic [128*LOCAL_ADDRESSES-1:0] cfg_local_address,

    input  wire  [7:0] action_spi,
    output logic [2:0] action,

    output logic [63:0] now,

    input  wire        limit_valid,
    input  wire  [3:0] limit_cause,
    output logic       limit_pass,

    input wire [7*COUNTERS-1:0] counter_increment,

    input wire tables_ready,
    input wire datapath_idle,

    output logic          cmd_valid,
    input  wire           cmd_ready,
    output logic [2047:0] cmd_descriptor,
    input  wire           rsp_valid,
    output logic          rsp_ready,
    input  wire  [   7:0] rsp_status,
    input  wire  [ 511:0] rsp_completion,

    output logic         exc_room,
    input  wire          exc_valid,
    output logic         exc_ready,
    input  wire  [511:0] exc_data,
    input  wire          exc_last,

    output logic         frame_tvalid,
    input  wire          frame_tready,
    output logic [511:0] frame_tdata,
    output logic [ 63:0] frame_tkeep,
    output logic         frame_tlast
);
endmodule

`default_nettype wire
