// SPDX-License-Identifier: Apache-2.0
// The read channels of a bundle of memory ports: the bursts of its readers take turns, their data come back in order (one
// AXI identifier). Answers other than OKAY (AMBA AXI, IHI 0022, A3.4.4) show in error until reset; their data count as any.
`default_nettype none

module hls_axi_read_port #(
    parameter integer READERS = 1,
    parameter integer BURSTS  = 16  // under way at most
) (
    input  wire                   clk,
    input  wire                   rst_n,    // synchronous, active low
    input  wire [64*READERS-1:0]  araddrs,  // reader 0 in the least significant bits
    input  wire [8*READERS-1:0]   arlens,
    input  wire [READERS-1:0]     arvalids,
    output wire [READERS-1:0]     arreadys,
    output wire [READERS-1:0]     rvalids,  // of m_rdata; readers always take it
    output reg                    error,
    output reg  [63:0]            m_araddr,
    output reg  [7:0]             m_arlen,
    output reg                    m_arvalid,
    input  wire                   m_arready,
    input  wire [1:0]             m_rresp,
    input  wire                   m_rlast,
    input  wire                   m_rvalid,
    output wire                   m_rready
);
  wire [READERS-1:0] owner;  // of the oldest burst
  wire has_owner, room;
  wire [READERS-1:0] chosen;
  wire take = |arvalids & room & (~m_arvalid | m_arready);

  hls_axi_turns #(.WIDTH(READERS)) u_turns (.clk(clk), .rst_n(rst_n), .wanted(arvalids), .taken(take), .chosen(chosen));
  hls_stream_fifo #(.WIDTH(READERS), .DEPTH(BURSTS < 2 ? 2 : BURSTS)) u_owners (
      .clk(clk), .rst_n(rst_n),
      .in_tdata(chosen), .in_tvalid(take), .in_tready(room),
      .out_tdata(owner), .out_tvalid(has_owner), .out_tready(m_rvalid & m_rready & m_rlast)
  );

  assign arreadys = take ? chosen : {READERS{1'b0}};
  assign m_rready = has_owner;
  assign rvalids = m_rvalid & m_rready ? owner : {READERS{1'b0}};

  reg [63:0] address;
  reg [7:0] length;
  integer i;
  always @* begin
    address = 64'd0;
    length = 8'd0;
    for (i = 0; i < READERS; i = i + 1) begin
      if (chosen[i]) address = address | araddrs[64*i+:64];
      if (chosen[i]) length = length | arlens[8*i+:8];
    end
  end

  always @(posedge clk) begin
    if (take) begin
      m_araddr <= address;
      m_arlen <= length;
    end
    if (!rst_n) begin
      m_arvalid <= 1'b0;
      error <= 1'b0;
    end else begin
      m_arvalid <= take | (m_arvalid & ~m_arready);
      error <= error | (m_rvalid & m_rready & (m_rresp != 2'b00));
    end
  end
endmodule

`default_nettype wire
