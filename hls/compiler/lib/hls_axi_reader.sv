// SPDX-License-Identifier: Apache-2.0
// Reads of a memory port of an hlsc kernel: each request, for any number of words that follow one another, becomes bursts,
// whose data wait here until the kernel takes them. AXI4 (AMBA AXI, IHI 0022): incrementing bursts of whole words.
//
// Bursts end at multiples of BURST words, and so inside of 4 KiB (A3.4.1). One is asked for when there is room for BURST
// words, so its data never wait outside.
`default_nettype none

module hls_axi_reader #(
    parameter integer SHIFT = 2,   // log2 of the bytes of a word, 0 to 7
    parameter integer BURST = 16,  // words of a burst at most: a power of two, up to 256 and 4096 bytes
    parameter integer DEPTH = 32   // words that wait here at most, at least BURST
) (
    input  wire                    clk,
    input  wire                    rst_n,           // synchronous, active low
    input  wire [63-SHIFT:0]       base,            // address of word 0, in words
    input  wire [2*(64-SHIFT)-1:0] request_tdata,   // {words, number of the first one}
    input  wire                    request_tvalid,
    output wire                    request_tready,
    output wire [(8<<SHIFT)-1:0]   data_tdata,
    output wire                    data_tvalid,
    input  wire                    data_tready,
    output wire [63:0]             araddr,          // a burst that is wanted
    output wire [7:0]              arlen,
    output wire                    arvalid,
    input  wire                    arready,
    input  wire [(8<<SHIFT)-1:0]   rdata,           // its data, always taken
    input  wire                    rvalid
);
  localparam integer INDEX = 64 - SHIFT;
  localparam integer ROOM = $clog2(DEPTH + 1);

  reg [INDEX-1:0] word;  // address of the next one, in words
  reg [INDEX-1:0] left;  // words that are still to be asked for
  reg [ROOM-1:0]  room;  // for words that are neither here nor asked for

  wire [8:0] to_border = 9'(BURST) - (word[8:0] & 9'(BURST - 1));
  wire [8:0] words = left <= INDEX'(to_border) ? left[8:0] : to_border;
  wire take = request_tvalid & request_tready;
  wire asked = arvalid & arready;
  wire given = data_tvalid & data_tready;

  assign request_tready = left == 0;
  assign arvalid = left != 0 && room >= ROOM'(BURST);
  assign araddr = 64'(word) << SHIFT;
  assign arlen = 8'(words - 9'd1);

  always @(posedge clk) begin
    if (take) word <= base + request_tdata[INDEX-1:0];
    else if (asked) word <= word + INDEX'(words);
    if (!rst_n) begin
      left <= 0;
      room <= ROOM'(DEPTH);
    end else begin
      if (take) left <= request_tdata[2*INDEX-1:INDEX];
      else if (asked) left <= left - INDEX'(words);
      room <= room - (asked ? ROOM'(words) : ROOM'(0)) + ROOM'(given);
    end
  end

  wire has_room;
  hls_stream_fifo #(.WIDTH(8 << SHIFT), .DEPTH(DEPTH)) u_fifo (
      .clk(clk), .rst_n(rst_n),
      .in_tdata(rdata), .in_tvalid(rvalid), .in_tready(has_room),
      .out_tdata(data_tdata), .out_tvalid(data_tvalid), .out_tready(data_tready)
  );

`ifndef SYNTHESIS
`ifndef YOSYS
  always @(posedge clk) if (rst_n) a_room_for_data : assert (!rvalid || has_room);
`endif
`endif
endmodule

`default_nettype wire
