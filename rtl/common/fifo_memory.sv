// SPDX-License-Identifier: Apache-2.0
// Block RAM of a FIFO with its two read registers: that of the RAM and one behind it, for the clock's sake.
//
// WIDTH: bits of a word; DEPTH: words, a power of two.
// write_*: one word a cycle. fetch_*: reads the word at fetch_address, whenever fetch_ready; the caller does not fetch what is
// written in the same cycle. out: the words in the order of the fetches, two cycles after the fetch.
// followed: the word behind that in `out` will be there in the cycle in which this one has left.
// forget: what has been fetched and not taken will not be shown any more; nothing is fetched or taken in this cycle.
// fault: a word has left with a flipped bit; see kept_parity. An address may be written again once its word has left.
`default_nettype none

module fifo_memory #(
    parameter int unsigned WIDTH = 8,
    parameter int unsigned DEPTH = 512,
    localparam int unsigned ADDRESS_W = $clog2(DEPTH)
) (
    input wire clk,
    input wire rst,

    input wire                 write_valid,
    input wire [ADDRESS_W-1:0] write_address,
    input wire [    WIDTH-1:0] write_data,

    input  wire                  fetch_valid,
    output logic                 fetch_ready,
    input  wire  [ADDRESS_W-1:0] fetch_address,
    input  wire                  forget,

    stream_if.source out,
    output logic     followed,
    output logic     fault
);

  (* ram_style = "block" *)
  logic [WIDTH-1:0] memory[0:DEPTH-1];
  logic [WIDTH-1:0] read_data;
  logic [ADDRESS_W-1:0] read_address, out_address;  // of read_data, of out.data
  logic read_valid;
  logic out_free;

  kept_parity #(
      .WIDTH(WIDTH),
      .DEPTH(DEPTH)
  ) u_parity (
      .clk, .rst,
      .write(write_valid),
      .write_address,
      .write_data,
      .taken(out.valid && out.ready),
      .read_address(out_address),
      .read_data(out.data),
      .fault
  );

  assign out_free = !out.valid || out.ready;
  assign fetch_ready = !read_valid || out_free;
  assign followed = read_valid;

  always_ff @(posedge clk) begin
    if (write_valid) memory[write_address] <= write_data;
    if (fetch_ready) read_data <= memory[fetch_address];
    if (fetch_ready) read_address <= fetch_address;
    if (out_free) out.data <= read_data;
    if (out_free) out_address <= read_address;
  end

  always_ff @(posedge clk) begin
    if (fetch_ready) read_valid <= fetch_valid;
    if (out_free) out.valid <= read_valid;
    if (rst || forget) begin
      read_valid <= 1'b0;
      out.valid  <= 1'b0;
    end
  end

endmodule

`default_nettype wire
