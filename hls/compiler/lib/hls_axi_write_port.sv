// SPDX-License-Identifier: Apache-2.0
// The write channels of a bundle of memory ports: the bursts of its writers take turns, one after the other, and are
// answered in order (one AXI identifier). Answers other than OKAY (AMBA AXI, IHI 0022, A3.4.4) show in error until reset.
`default_nettype none

module hls_axi_write_port #(
    parameter integer WRITERS = 1,
    parameter integer SHIFT   = 2,  // log2 of the bytes of a word
    parameter integer BURSTS  = 16  // not answered at most
) (
    input  wire                              clk,
    input  wire                              rst_n,     // synchronous, active low
    input  wire [64*WRITERS-1:0]             awaddrs,   // writer 0 in the least significant bits
    input  wire [8*WRITERS-1:0]              awlens,
    input  wire [WRITERS-1:0]                awvalids,
    output wire [WRITERS-1:0]                awreadys,
    input  wire [(8<<SHIFT)*WRITERS-1:0]     wdatas,
    input  wire [(1<<SHIFT)*WRITERS-1:0]     wstrbs,
    input  wire [WRITERS-1:0]                wvalids,
    output wire [WRITERS-1:0]                wreadys,
    output wire [WRITERS-1:0]                answereds,
    output reg                               error,
    output wire [63:0]                       m_awaddr,
    output wire [7:0]                        m_awlen,
    output wire                              m_awvalid,
    input  wire                              m_awready,
    output reg  [(8<<SHIFT)-1:0]             m_wdata,
    output reg  [(1<<SHIFT)-1:0]             m_wstrb,
    output wire                              m_wlast,
    output wire                              m_wvalid,
    input  wire                              m_wready,
    input  wire [1:0]                        m_bresp,
    input  wire                              m_bvalid,
    output wire                              m_bready
);
  localparam integer BITS = 8 << SHIFT;
  localparam integer BYTES = 1 << SHIFT;

  wire [WRITERS-1:0] owner;
  wire has_owner, take;
  wire [7:0] length;
  reg  [WRITERS-1:0] sends;  // its words go out; none: nobody's do
  reg  [7:0]         left;   // words behind the next one
  wire sent = m_wvalid & m_wready;
  wire ends = sent & m_wlast;

  hls_axi_addresses #(.CHANNELS(WRITERS), .BURSTS(BURSTS)) u_addresses (
      .clk, .rst_n,
      .addresses(awaddrs), .lengths(awlens), .valids(awvalids), .readys(awreadys),
      .allowed(~|sends | ends), .take, .length, .owner, .has_owner, .over(m_bvalid & m_bready),
      .m_address(m_awaddr), .m_length(m_awlen), .m_valid(m_awvalid), .m_ready(m_awready)
  );
  assign wreadys = m_wready ? sends : {WRITERS{1'b0}};
  assign m_wvalid = |(wvalids & sends);
  assign m_wlast = left == 8'd0;
  assign m_bready = has_owner;
  assign answereds = m_bvalid & m_bready ? owner : {WRITERS{1'b0}};

  integer i;
  always @* begin
    m_wdata = {BITS{1'b0}};
    m_wstrb = {BYTES{1'b0}};
    for (i = 0; i < WRITERS; i = i + 1) begin
      if (sends[i]) m_wdata = m_wdata | wdatas[BITS*i+:BITS];
      if (sends[i]) m_wstrb = m_wstrb | wstrbs[BYTES*i+:BYTES];
    end
  end

  always @(posedge clk) begin
    if (take) left <= length;
    else if (sent) left <= left - 8'd1;
    if (!rst_n) begin
      sends <= 0;
      error <= 1'b0;
    end else begin
      sends <= take ? awreadys : ends ? {WRITERS{1'b0}} : sends;
      error <= error | (m_bvalid & m_bready & (m_bresp != 2'b00));
    end
  end
endmodule

`default_nettype wire
