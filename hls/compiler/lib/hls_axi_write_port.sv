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
    output reg  [63:0]                       m_awaddr,
    output reg  [7:0]                        m_awlen,
    output reg                               m_awvalid,
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

  wire [WRITERS-1:0] owner;  // of the oldest burst that is not answered
  wire has_owner, room;
  wire [WRITERS-1:0] chosen;
  reg  [WRITERS-1:0] sends;  // its words go out; none: nobody's do
  reg  [7:0]         left;   // words behind the next one
  wire ends = m_wvalid & m_wready & m_wlast;
  wire take = |awvalids & room & (~m_awvalid | m_awready) & (~|sends | ends);

  hls_axi_turns #(.WIDTH(WRITERS)) u_turns (.clk(clk), .rst_n(rst_n), .wanted(awvalids), .taken(take), .chosen(chosen));
  hls_stream_fifo #(.WIDTH(WRITERS), .DEPTH(BURSTS < 2 ? 2 : BURSTS)) u_owners (
      .clk(clk), .rst_n(rst_n),
      .in_tdata(chosen), .in_tvalid(take), .in_tready(room),
      .out_tdata(owner), .out_tvalid(has_owner), .out_tready(m_bvalid & m_bready)
  );

  assign awreadys = take ? chosen : {WRITERS{1'b0}};
  assign wreadys = m_wready ? sends : {WRITERS{1'b0}};
  assign m_wvalid = |(wvalids & sends);
  assign m_wlast = left == 8'd0;
  assign m_bready = has_owner;
  assign answereds = m_bvalid & m_bready ? owner : {WRITERS{1'b0}};

  reg [63:0] address;
  reg [7:0] length;
  integer i;
  always @* begin
    address = 64'd0;
    length = 8'd0;
    m_wdata = {BITS{1'b0}};
    m_wstrb = {BYTES{1'b0}};
    for (i = 0; i < WRITERS; i = i + 1) begin
      if (chosen[i]) address = address | awaddrs[64*i+:64];
      if (chosen[i]) length = length | awlens[8*i+:8];
      if (sends[i]) m_wdata = m_wdata | wdatas[BITS*i+:BITS];
      if (sends[i]) m_wstrb = m_wstrb | wstrbs[BYTES*i+:BYTES];
    end
  end

  always @(posedge clk) begin
    if (take) begin
      m_awaddr <= address;
      m_awlen <= length;
    end
    if (take) left <= length;
    else if (m_wvalid & m_wready) left <= left - 8'd1;
    if (!rst_n) begin
      m_awvalid <= 1'b0;
      sends <= 0;
      error <= 1'b0;
    end else begin
      m_awvalid <= take | (m_awvalid & ~m_awready);
      if (take) sends <= chosen;
      else if (ends) sends <= 0;
      error <= error | (m_bvalid & m_bready & (m_bresp != 2'b00));
    end
  end
endmodule

`default_nettype wire
