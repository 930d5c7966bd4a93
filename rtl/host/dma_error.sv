// SPDX-License-Identifier: Apache-2.0
// Keeps the first failed host memory access until it is cleared. While `valid` is 1 no new access starts.
//
// read_error, write_error  one cycle each, with the AXI response and the address; a read wins in the same cycle
`default_nettype none

module dma_error (
    input  wire         clk,
    input  wire         rst,
    input  wire         clear,
    input  wire         read_error,
    input  wire  [ 1:0] read_response,
    input  wire  [63:0] read_address,
    input  wire         write_error,
    input  wire  [ 1:0] write_response,
    input  wire  [63:0] write_address,
    output logic        valid,
    output logic        was_write,
    output logic [ 1:0] response,
    output logic [63:0] address
);
  always_ff @(posedge clk) begin
    if (rst || (clear && valid)) begin
      valid <= 1'b0;
      was_write <= 1'b0;
      response <= 2'b00;
      address <= 64'h0;
    end else if (!valid && (read_error || write_error)) begin
      valid <= 1'b1;
      was_write <= !read_error;
      response <= read_error ? read_response : write_response;
      address <= read_error ? read_address : write_address;
    end
  end

endmodule

`default_nettype wire
