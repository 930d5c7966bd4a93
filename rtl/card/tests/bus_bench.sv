// SPDX-License-Identifier: Apache-2.0
// Register and memory busses of the card between two clocks: axil_crossing and axil_split in front of the registers of the MACs and of a
// subordinate that the test plays; axi_crossing with channels that the test drives.
`default_nettype none
`include "sapulse_assert.svh"

module bus_bench (
    input wire bus_clk,
    input wire bus_down,
    input wire core_clk,
    input wire core_rst,

    // AXI4-Lite, in bus_clk
    input  wire  [16:0] s_awaddr,
    input  wire         s_awvalid,
    output logic        s_awready,
    input  wire  [31:0] s_wdata,
    input  wire  [ 3:0] s_wstrb,
    input  wire         s_wvalid,
    output logic        s_wready,
    output logic [ 1:0] s_bresp,
    output logic        s_bvalid,
    input  wire         s_bready,
    input  wire  [16:0] s_araddr,
    input  wire         s_arvalid,
    output logic        s_arready,
    output logic [31:0] s_rdata,
    output logic [ 1:0] s_rresp,
    output logic        s_rvalid,
    input  wire         s_rready,

    // What stands for the core: a memory of 16 words, in core_clk
    output logic [511:0] core_words,

    // Read channel of AXI4: requests in core_clk, an echo in bus_clk
    input  wire  [ 63:0] araddr,
    input  wire          arvalid,
    output logic         arready,
    output logic [511:0] rdata,
    output logic         rvalid,
    input  wire          rready
);

  logic bus_rst, crossing_rst;
  crossing_reset u_rst (
      .a_clk(core_clk),
      .a_request(core_rst),
      .a_rst(crossing_rst),
      .b_clk(bus_clk),
      .b_request(bus_down),
      .b_rst(bus_rst)
  );

  logic [16:0] m_awaddr, m_araddr;
  logic [31:0] m_wdata, m_rdata, a_rdata, b_rdata, wdata;
  logic [3:0] m_wstrb, wstrb;
  logic [1:0] m_bresp, m_rresp, a_bresp, a_rresp, b_bresp, b_rresp;
  logic m_awvalid, m_awready, m_wvalid, m_wready, m_bvalid, m_bready, m_arvalid, m_arready, m_rvalid, m_rready;
  logic a_awvalid, a_awready, a_wvalid, a_wready, a_bvalid, a_bready, a_arvalid, a_arready, a_rvalid, a_rready;
  logic b_awvalid, b_awready, b_wvalid, b_wready, b_bvalid, b_bready, b_arvalid, b_arready, b_rvalid, b_rready;
  logic [15:0] awaddr_low, araddr_low;

  axil_crossing #(
      .ADDRESS_W(17)
  ) u_crossing (
      .s_clk(bus_clk),
      .s_rst(bus_rst),
      .m_clk(core_clk),
      .m_rst(crossing_rst),
      .*
  );

  axil_split u_split (
      .clk(core_clk),
      .rst(crossing_rst),
      .s_awaddr(m_awaddr),
      .s_awvalid(m_awvalid),
      .s_awready(m_awready),
      .s_wdata(m_wdata),
      .s_wstrb(m_wstrb),
      .s_wvalid(m_wvalid),
      .s_wready(m_wready),
      .s_bresp(m_bresp),
      .s_bvalid(m_bvalid),
      .s_bready(m_bready),
      .s_araddr(m_araddr),
      .s_arvalid(m_arvalid),
      .s_arready(m_arready),
      .s_rdata(m_rdata),
      .s_rresp(m_rresp),
      .s_rvalid(m_rvalid),
      .s_rready(m_rready),
      .awaddr(awaddr_low),
      .araddr(araddr_low),
      .*
  );

  // Subordinate a: 16 words.
  logic bus_write, bus_read, bus_writing;
  logic [15:0] bus_address;
  logic [31:0] bus_wdata, bus_rdata;
  axil_slave u_words (
      .clk(core_clk),
      .rst(core_rst),
      .hold(core_rst),
      .s_axil_awaddr(awaddr_low),
      .s_axil_awvalid(a_awvalid),
      .s_axil_awready(a_awready),
      .s_axil_wdata(wdata),
      .s_axil_wstrb(wstrb),
      .s_axil_wvalid(a_wvalid),
      .s_axil_wready(a_wready),
      .s_axil_bresp(a_bresp),
      .s_axil_bvalid(a_bvalid),
      .s_axil_bready(a_bready),
      .s_axil_araddr(araddr_low),
      .s_axil_arvalid(a_arvalid),
      .s_axil_arready(a_arready),
      .s_axil_rdata(a_rdata),
      .s_axil_rresp(a_rresp),
      .s_axil_rvalid(a_rvalid),
      .s_axil_rready(a_rready),
      .bus_write,
      .bus_read,
      .bus_writing,
      .bus_address,
      .bus_wdata,
      .bus_rdata,
      .bus_hit(bus_address < 16'd64),
      .bus_wait(1'b0)
  );
  always_ff @(posedge core_clk) begin
    if (bus_write) core_words[32*bus_address[5:2]+:32] <= bus_wdata;
    bus_rdata <= core_words[32*bus_address[5:2]+:32];
    if (core_rst) core_words <= '0;
  end

  mac_registers #(
      .CAGES(2)
  ) u_macs (
      .clk(core_clk),
      .rst(core_rst),
      .up(2'b10),
      .lost({32'd7, 32'd5}),
      .foreign(32'd0),
      .s_axil_awaddr(awaddr_low),
      .s_axil_awvalid(b_awvalid),
      .s_axil_awready(b_awready),
      .s_axil_wdata(wdata),
      .s_axil_wstrb(wstrb),
      .s_axil_wvalid(b_wvalid),
      .s_axil_wready(b_wready),
      .s_axil_bresp(b_bresp),
      .s_axil_bvalid(b_bvalid),
      .s_axil_bready(b_bready),
      .s_axil_araddr(araddr_low),
      .s_axil_arvalid(b_arvalid),
      .s_axil_arready(b_arready),
      .s_axil_rdata(b_rdata),
      .s_axil_rresp(b_rresp),
      .s_axil_rvalid(b_rvalid),
      .s_axil_rready(b_rready)
  );

  // Host memory answers each read with one beat that repeats the address.
  logic [63:0] m_axi_araddr;
  logic m_axi_arvalid, m_axi_arready;
  logic [3:0] arid_seen, rid;
  logic [7:0] arlen_seen;
  logic [2:0] arsize_seen;
  logic [1:0] arburst_seen, rresp;
  logic rlast;
  /* verilator lint_off PINCONNECTEMPTY */
  axi_crossing u_axi (
      .s_clk(core_clk),
      .s_rst(crossing_rst),
      .s_awid('0),
      .s_awaddr('0),
      .s_awlen('0),
      .s_awsize('0),
      .s_awburst('0),
      .s_awvalid(1'b0),
      .s_awready(),
      .s_wdata('0),
      .s_wstrb('0),
      .s_wlast(1'b0),
      .s_wvalid(1'b0),
      .s_wready(),
      .s_bid(),
      .s_bresp(),
      .s_bvalid(),
      .s_bready(1'b1),
      .s_arid(4'd9),
      .s_araddr(araddr),
      .s_arlen(8'd0),
      .s_arsize(3'd6),
      .s_arburst(2'd1),
      .s_arvalid(arvalid),
      .s_arready(arready),
      .s_rid(rid),
      .s_rdata(rdata),
      .s_rresp(rresp),
      .s_rlast(rlast),
      .s_rvalid(rvalid),
      .s_rready(rready),
      .m_clk(bus_clk),
      .m_rst(bus_rst),
      .m_awid(),
      .m_awaddr(),
      .m_awlen(),
      .m_awsize(),
      .m_awburst(),
      .m_awvalid(),
      .m_awready(1'b0),
      .m_wdata(),
      .m_wstrb(),
      .m_wlast(),
      .m_wvalid(),
      .m_wready(1'b0),
      .m_bid('0),
      .m_bresp('0),
      .m_bvalid(1'b0),
      .m_bready(),
      .m_arid(arid_seen),
      .m_araddr(m_axi_araddr),
      .m_arlen(arlen_seen),
      .m_arsize(arsize_seen),
      .m_arburst(arburst_seen),
      .m_arvalid(m_axi_arvalid),
      .m_arready(m_axi_arready),
      .m_rid(arid_seen),
      .m_rdata({8{m_axi_araddr}}),
      .m_rresp(arburst_seen),
      .m_rlast(1'b1),
      .m_rvalid(m_axi_arvalid),
      .m_rready(m_axi_arready)
  );
  /* verilator lint_on PINCONNECTEMPTY */
  `SAPULSE_ASSERT(core_clk, crossing_rst, !rvalid || (rid == 4'd9 && rresp == 2'd1 && rlast), "bus_bench: response changed on its way")
  `SAPULSE_ASSERT(bus_clk, bus_rst, !m_axi_arvalid || (arlen_seen == 8'd0 && arsize_seen == 3'd6), "bus_bench: request changed on its way")

endmodule

`default_nettype wire
