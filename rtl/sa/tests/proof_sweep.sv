// SPDX-License-Identifier: Apache-2.0
// The sweep that clears every entry of the tables after a reset, before the first operation.
`default_nettype none

module proof_sweep #(
    parameter int unsigned SA_CAPACITY = 2
) (
    input  wire clk,
    input  wire rst,
    output sa_pkg::sweep_t sweep,
    output logic swept
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);
  logic [SA_W-1:0] sa;

  assign sweep = '{valid: !swept && !rst, sa: sa_pkg::sa_t'(sa)};
  always_ff @(posedge clk) begin
    if (sweep.valid) sa <= sa + 1'b1;
    if (sweep.valid && &sa) swept <= 1'b1;
    if (rst) begin
      swept <= 1'b0;
      sa <= '0;
    end
  end

endmodule

`default_nettype wire
