// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Checks the rules of an AXI4-Stream that carries frames (AMBA AXI-Stream, chapter 2). A broken rule is reported with $error.
//  * the handshake rules
//  * keep is contiguous from bit 0, not empty, and full unless last
module axis_checker (
    input wire        clk,
    input wire        rst,    // synchronous, active high
    stream_if.monitor stream  // axis_beat
);

  handshake_checker #(.WIDTH(stream.WIDTH)) u_beat (.clk, .rst, .payload(stream.data), .valid(stream.valid), .ready(stream.ready));

  logic [sapulse_pkg::BEAT_BYTES-1:0] keep;
  assign keep = stream.data.keep;

  always_ff @(posedge clk) begin
    if (!rst && stream.valid) begin
      a_empty : assert (keep[0]) else $error("keep does not begin at byte 0");
      a_contiguous : assert ((keep & (keep + 1'b1)) == '0) else $error("keep is not contiguous");
      a_full : assert (stream.data.last || (&keep)) else $error("keep is not full before the last beat");
    end
  end

endmodule

`default_nettype wire
