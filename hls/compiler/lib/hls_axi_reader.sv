// SPDX-License-Identifier: Apache-2.0
// Reads of a memory port of an hlsc kernel: each request, for any number of words that follow one another, becomes bursts,
// whose data wait here until the kernel takes them. AXI4 (AMBA AXI, IHI 0022): incrementing bursts of whole words.
//
// A burst is asked for when there is room for BURST words, so its data never wait outside.
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

  reg [ROOM-1:0] room;  // for words that are neither here nor asked for

  wire idle;
  wire [8:0] words;
  wire asked = arvalid & arready;
  wire given = data_tvalid & data_tready;

  hls_axi_splitter #(.SHIFT(SHIFT), .BURST(BURST)) u_splitter (
      .clk, .rst_n, .base,
      .first(request_tdata[INDEX-1:0]), .count(request_tdata[2*INDEX-1:INDEX]), .start(request_tvalid & request_tready),
      .idle, .address(araddr), .words, .next(asked)
  );
  assign request_tready = idle;
  assign arvalid = ~idle && room >= ROOM'(BURST);
  assign arlen = 8'(words - 9'd1);

  always @(posedge clk) begin
    if (!rst_n) room <= ROOM'(DEPTH);
    else room <= room - (asked ? ROOM'(words) : ROOM'(0)) + ROOM'(given);
  end

  wire has_room;
  hls_stream_fifo #(.WIDTH(8 << SHIFT), .DEPTH(DEPTH)) u_fifo (
      .clk, .rst_n,
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
