// SPDX-License-Identifier: Apache-2.0
// Writes of a memory port of an hlsc kernel: each request, for any number of words that follow one another, becomes bursts
// of the words that come beside it. AXI4 (AMBA AXI, IHI 0022): incrementing bursts of whole words, with byte strobes.
//
// Bursts end at multiples of BURST words, and so inside of 4 KiB (A3.4.1). One is offered when all of its words are here, so
// nobody waits for them. A request to finish is answered when all bursts before it have been.
`default_nettype none

module hls_axi_writer #(
    parameter integer SHIFT = 2,   // log2 of the bytes of a word, 0 to 7
    parameter integer BURST = 16,  // words of a burst at most: a power of two, up to 256 and 4096 bytes
    parameter integer DEPTH = 32   // words that wait here at most, at least BURST
) (
    input  wire                            clk,
    input  wire                            rst_n,           // synchronous, active low
    input  wire [63-SHIFT:0]               base,            // address of word 0, in words
    input  wire [2*(64-SHIFT):0]           request_tdata,   // {finish, words, number of the first one}
    input  wire                            request_tvalid,
    output wire                            request_tready,
    input  wire [(8<<SHIFT)+(1<<SHIFT)-1:0] data_tdata,     // {strobes, word}
    input  wire                            data_tvalid,
    output wire                            data_tready,
    output reg                             finished_tvalid, // the answer to a request to finish
    input  wire                            finished_tready,
    output wire [63:0]                     awaddr,          // a burst that is wanted, all of whose words are here
    output wire [7:0]                      awlen,
    output wire                            awvalid,
    input  wire                            awready,
    output wire [(8<<SHIFT)-1:0]           wdata,           // its words, in order
    output wire [(1<<SHIFT)-1:0]           wstrb,
    output wire                            wvalid,
    input  wire                            wready,
    input  wire                            answered         // a burst has been
);
  localparam integer INDEX = 64 - SHIFT;
  localparam integer COUNT = $clog2(DEPTH + 2) + 1;  // the FIFO's register holds one more
  localparam integer BURSTS = 16;                    // bits of the number of bursts under way

  reg [INDEX-1:0]  word;    // address of the next one, in words
  reg [INDEX-1:0]  left;    // words of the request that no burst has taken
  reg [COUNT-1:0]  here;    // words that are here for bursts to come
  reg [BURSTS-1:0] bursts;  // not answered
  reg              finish;

  wire [8:0] to_border = 9'(BURST) - (word[8:0] & 9'(BURST - 1));
  wire [8:0] words = left <= INDEX'(to_border) ? left[8:0] : to_border;
  wire take = request_tvalid & request_tready;
  wire asked = awvalid & awready;
  wire stored = data_tvalid & data_tready;
  wire finishes = finish & left == 0 & bursts == 0 & ~finished_tvalid;

  assign request_tready = left == 0 & ~finish;
  assign awvalid = left != 0 && 32'(here) >= 32'(words) && ~&bursts;
  assign awaddr = 64'(word) << SHIFT;
  assign awlen = 8'(words - 9'd1);

  always @(posedge clk) begin
    if (take) word <= base + request_tdata[INDEX-1:0];
    else if (asked) word <= word + INDEX'(words);
    if (!rst_n) begin
      left <= 0;
      here <= 0;
      bursts <= 0;
      finish <= 1'b0;
      finished_tvalid <= 1'b0;
    end else begin
      if (take) left <= request_tdata[2*INDEX-1:INDEX];
      else if (asked) left <= left - INDEX'(words);
      here <= here + COUNT'(stored) - (asked ? COUNT'(words) : COUNT'(0));
      bursts <= bursts + BURSTS'(asked) - BURSTS'(answered);
      if (take) finish <= request_tdata[2*INDEX];
      else if (finishes) finish <= 1'b0;
      finished_tvalid <= finishes | (finished_tvalid & ~finished_tready);
    end
  end

  hls_stream_fifo #(.WIDTH((8 << SHIFT) + (1 << SHIFT)), .DEPTH(DEPTH)) u_fifo (
      .clk(clk), .rst_n(rst_n),
      .in_tdata(data_tdata), .in_tvalid(data_tvalid), .in_tready(data_tready),
      .out_tdata({wstrb, wdata}), .out_tvalid(wvalid), .out_tready(wready)
  );
endmodule

`default_nettype wire
