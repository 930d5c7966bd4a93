// SPDX-License-Identifier: Apache-2.0
// What hls_axi_reader and hls_axi_writer promise of the bursts that they ask for: each stays as it is until it is taken (A3.2.1)
// and crosses no 4 KiB (A3.4.1); those of a request are its words, each once and in order, and the next request waits for them.
//
// SHIFT: log2 of the bytes of a word; BURST: most words of a burst
// accepted, base, first, count: a request of `count` words from word base + first on; request_ready: another one may come
// address, len, valid, ready: a channel of addresses
// next, left: the word that the next burst begins with, and how many words are in no burst yet. taken, beats: of this cycle's burst
`default_nettype none

module hls_axi_burst_rules #(
    parameter integer SHIFT = 7,
    parameter integer BURST = 32,
    localparam integer INDEX = 64 - SHIFT
) (
    input wire clk,
    input wire rst,

    input wire             accepted,
    input wire             request_ready,
    input wire [INDEX-1:0] base,
    input wire [INDEX-1:0] first,
    input wire [INDEX-1:0] count,

    input wire [63:0] address,
    input wire [7:0]  len,
    input wire        valid,
    input wire        ready,

    output logic [INDEX-1:0] next,
    output logic [INDEX-1:0] left,
    output wire              taken,
    output wire  [8:0]       beats
);

  assign taken = valid && ready;
  assign beats = 9'(len) + 9'd1;

  logic held;
  logic [71:0] was;
  always_ff @(posedge clk) begin
    if (accepted) next <= base + first;
    else if (taken) next <= next + INDEX'(beats);
    if (accepted) left <= count;
    else if (taken) left <= left - INDEX'(beats);
    if (rst) left <= '0;
    held <= valid && !ready && !rst;
    was <= {address, len};
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!(held && !(valid && {address, len} == was)));
      assert (!(valid && address != 64'(next) << SHIFT));
      assert (!(valid && INDEX'(beats) > left));
      assert (!(valid && 32'(address[11:0]) + (32'(beats) << SHIFT) > 32'd4096));
      assert (!(valid && 32'(beats) > BURST));
      assert (!(request_ready && left != '0));
      cover (taken && left > INDEX'(beats));
    end
  end

endmodule

`default_nettype wire
