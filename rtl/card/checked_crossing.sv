// SPDX-License-Identifier: Apache-2.0
// async_fifo whose words have a parity bit, from where they enter to where they leave.
//
// DEPTH, clocks, resets: as of async_fifo. fault: in out_clk; a word has left with a flipped bit, see word_check.
`default_nettype none

module checked_crossing #(
    parameter int unsigned DEPTH = 16
) (
    input wire     in_clk,
    input wire     in_rst,
    stream_if.sink in,

    input wire       out_clk,
    input wire       out_rst,
    stream_if.source out,
    output logic     fault
);

  stream_if #(logic [in.WIDTH:0]) entering (), leaving ();
  wire odd;

  parity #(.WIDTH(in.WIDTH)) u_parity (.data(in.data), .odd);
  assign entering.valid = in.valid, entering.data = {odd, in.data}, in.ready = entering.ready;
  async_fifo #(.DEPTH(DEPTH)) u_fifo (.in_clk, .in_rst, .in(entering), .out_clk, .out_rst, .out(leaving));
  assign out.valid = leaving.valid, out.data = leaving.data[in.WIDTH-1:0], leaving.ready = out.ready;

  word_check #(
      .WIDTH(in.WIDTH + 1)
  ) u_check (
      .clk(out_clk),
      .rst(out_rst),
      .taken(out.valid && out.ready),
      .word(leaving.data),
      .fault
  );

endmodule

`default_nettype wire
