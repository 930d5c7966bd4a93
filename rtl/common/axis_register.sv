// SPDX-License-Identifier: Apache-2.0
// Register slice of a stream: all outputs come from registers, ready included; one word a cycle.
`default_nettype none

module axis_register (
    input wire clk,
    input wire rst,

    stream_if.sink   in,
    stream_if.source out
);

  // A word that arrives while the output waits is parked; in.ready is low as long as one is, and in reset.
  logic parked_valid;
  logic [in.WIDTH-1:0] parked;
  logic out_free;

  assign out_free = !out.valid || out.ready;

  always_ff @(posedge clk) begin
    if (in.ready) parked <= in.data;
    if (out_free) out.data <= parked_valid ? parked : in.data;
  end

  always_ff @(posedge clk) begin
    if (out_free) begin
      out.valid <= parked_valid || (in.valid && in.ready);
      parked_valid <= 1'b0;
      in.ready <= 1'b1;
    end else if (in.valid && in.ready) begin
      parked_valid <= 1'b1;
      in.ready <= 1'b0;
    end
    if (rst) begin
      out.valid <= 1'b0;
      parked_valid <= 1'b0;
      in.ready <= 1'b0;
    end
  end

endmodule

`default_nettype wire
