// SPDX-License-Identifier: Apache-2.0
// Keeps the first failed host memory access until it is cleared. While first.valid is 1 no new access starts.
//
// read, write  valid for one cycle each; a read wins in the same cycle
`default_nettype none

module dma_error (
    input  wire                  clk,
    input  wire                  rst,
    input  wire                  clear,
    input  host_pkg::dma_error_t read,
    input  host_pkg::dma_error_t write,
    output host_pkg::dma_error_t first
);
  always_ff @(posedge clk) begin
    if (rst || (clear && first.valid)) begin
      first <= '0;
    end else if (!first.valid && (read.valid || write.valid)) begin
      first <= read.valid ? read : write;
    end
  end

endmodule

`default_nettype wire
