// SPDX-License-Identifier: Apache-2.0
// Splits a request, for any number of words that follow one another, into bursts. They end at multiples of BURST words, and so
// inside of 4 KiB (AMBA AXI, IHI 0022, A3.4.1).
`default_nettype none

module hls_axi_splitter #(
    parameter integer SHIFT = 2,   // log2 of the bytes of a word, 0 to 7
    parameter integer BURST = 16   // words of a burst at most: a power of two, up to 256 and 4096 bytes
) (
    input  wire              clk,
    input  wire              rst_n,    // synchronous, active low
    input  wire [63-SHIFT:0] base,     // address of word 0, in words
    input  wire [63-SHIFT:0] first,    // of a request: number of its first word
    input  wire [63-SHIFT:0] count,    // of a request: words
    input  wire              start,    // takes a request; only while idle
    output wire              idle,     // no burst is left
    output wire [63:0]       address,  // of the next burst, unless idle
    output wire [8:0]        words,    // of it
    input  wire              next      // it has been asked for
);
  localparam integer INDEX = 64 - SHIFT;

  reg [INDEX-1:0] word;  // address of the next one, in words
  reg [INDEX-1:0] left;  // words that are still to be asked for

  wire [8:0] to_border = 9'(BURST) - (word[8:0] & 9'(BURST - 1));
  assign idle = left == 0;
  assign address = 64'(word) << SHIFT;
  assign words = left <= INDEX'(to_border) ? left[8:0] : to_border;

  always @(posedge clk) begin
    if (start) word <= base + first;
    else if (next) word <= word + INDEX'(words);
    if (!rst_n) left <= 0;
    else if (start) left <= count;
    else if (next) left <= left - INDEX'(words);
  end
endmodule

`default_nettype wire
