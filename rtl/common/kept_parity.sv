// SPDX-License-Identifier: Apache-2.0
// Parity of the words that a memory keeps, in a memory of its own: made and looked at behind registers, so that one LUT more stands
// behind what is written, and none in front of what uses it.
//
// WIDTH: bits of a word. DEPTH: words, a power of two.
// write, write_address, write_data: a word is written; it may leave in the next cycle, and be replaced in the one after that in
// which it leaves.
// taken, read_address, read_data: a word leaves in this cycle. fault: the one that left two cycles ago had an odd number of flipped
// bits, the one that is kept here included.
`default_nettype none

module kept_parity #(
    parameter int unsigned WIDTH = 64,
    parameter int unsigned DEPTH = 16,
    localparam int unsigned ADDRESS_W = $clog2(DEPTH)
) (
    input wire clk,
    input wire rst,

    input wire                 write,
    input wire [ADDRESS_W-1:0] write_address,
    input wire [    WIDTH-1:0] write_data,

    input  wire                  taken,
    input  wire  [ADDRESS_W-1:0] read_address,
    input  wire  [    WIDTH-1:0] read_data,
    output logic                 fault
);

  localparam int unsigned ENTERING = (WIDTH + 5) / 6;
  localparam int unsigned LEAVING = (WIDTH + 35) / 36;

  (* ram_style = "distributed" *)
  logic [0:0] memory[0:DEPTH-1];

  wire [ENTERING-1:0] sums_in;
  wire [LEAVING-1:0] sums_out;
  logic [ENTERING-1:0] entering;
  logic [LEAVING-1:0] leaving;
  logic [ADDRESS_W-1:0] entered_at, left_from;
  logic entered, left, odd;

  word_sums #(.WIDTH(WIDTH), .LEVELS(1)) u_entering (.word(write_data), .sums(sums_in));
  parity #(.WIDTH(ENTERING)) u_entered (.data(entering), .odd);
  word_sums #(.WIDTH(WIDTH)) u_leaving (.word(read_data), .sums(sums_out));

  // The sums do not outlive the words, which may be secrets.
  always_ff @(posedge clk) begin
    entering <= sums_in;
    entered <= write;
    entered_at <= write_address;
    if (entered) memory[entered_at] <= odd;

    leaving <= taken ? sums_out : '0;
    left <= taken && !rst;
    left_from <= read_address;
    fault <= left && (^leaving) != memory[left_from] && !rst;
  end

endmodule

`default_nettype wire
