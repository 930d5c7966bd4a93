// SPDX-License-Identifier: Apache-2.0
// An address channel of a bundle of memory ports: the bursts of its readers or writers take turns, and their owners are kept in
// order until the bursts are over (one AXI identifier).
`default_nettype none

module hls_axi_addresses #(
    parameter integer CHANNELS = 1,
    parameter integer BURSTS   = 16  // under way at most
) (
    input  wire                    clk,
    input  wire                    rst_n,      // synchronous, active low
    input  wire [64*CHANNELS-1:0]  addresses,  // wanted bursts; channel 0 in the least significant bits
    input  wire [8*CHANNELS-1:0]   lengths,
    input  wire [CHANNELS-1:0]     valids,
    output wire [CHANNELS-1:0]     readys,
    input  wire                    allowed,    // a burst may be taken now
    output wire                    take,       // one is
    output reg  [7:0]              length,     // of that, with take
    output wire [CHANNELS-1:0]     owner,      // of the oldest burst
    output wire                    has_owner,
    input  wire                    over,       // the oldest burst is
    output reg  [63:0]             m_address,
    output reg  [7:0]              m_length,
    output reg                     m_valid,
    input  wire                    m_ready
);
  reg  [CHANNELS-1:0] behind;  // come after the channel that was taken last
  wire [CHANNELS-1:0] later = valids & behind;
  wire [CHANNELS-1:0] chosen = |later ? later & (~later + CHANNELS'(1)) : valids & (~valids + CHANNELS'(1));
  wire room;
  assign take = |valids & allowed & room & (~m_valid | m_ready);
  assign readys = take ? chosen : {CHANNELS{1'b0}};

  hls_stream_fifo #(.WIDTH(CHANNELS), .DEPTH(BURSTS < 2 ? 2 : BURSTS)) u_owners (
      .clk, .rst_n,
      .in_tdata(chosen), .in_tvalid(take), .in_tready(room),
      .out_tdata(owner), .out_tvalid(has_owner), .out_tready(over)
  );

  reg [63:0] address;
  integer i;
  always @* begin
    address = 64'd0;
    length = 8'd0;
    for (i = 0; i < CHANNELS; i = i + 1) begin
      if (chosen[i]) address = address | addresses[64*i+:64];
      if (chosen[i]) length = length | lengths[8*i+:8];
    end
  end

  always @(posedge clk) begin
    if (take) begin
      m_address <= address;
      m_length <= length;
    end
    if (!rst_n) begin
      behind <= 0;
      m_valid <= 1'b0;
    end else begin
      if (take) behind <= ~(chosen | (chosen - CHANNELS'(1)));
      m_valid <= take | (m_valid & ~m_ready);
    end
  end
endmodule

`default_nettype wire
