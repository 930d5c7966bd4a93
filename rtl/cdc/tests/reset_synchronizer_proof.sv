// SPDX-License-Identifier: Apache-2.0
// reset_synchronizer, however clock and reset come: in reset from the same moment as async_rst, and exactly until STAGES edges of
// the clock have come behind it; edges that come while async_rst is up do not count. For prove.py --clocks.
`default_nettype none

module reset_synchronizer_proof #(
    parameter int unsigned STAGES = 4
) (
    input wire clk,
    input wire async_rst
);

  logic rst;
  reset_synchronizer #(.STAGES(STAGES)) u_dut (.clk, .async_rst, .rst);

  logic begun = 1'b0;  // there has been a reset
  always_ff @(posedge async_rst) begun <= 1'b1;
  logic [$clog2(STAGES+1)-1:0] edges;
  always_ff @(posedge clk or posedge async_rst) begin
    if (async_rst) edges <= '0;
    else if (32'(edges) < STAGES) edges <= edges + 1'b1;
  end

  always_comb begin
    if (begun) assert (rst == (async_rst || 32'(edges) < STAGES));
    cover (begun && !rst);
  end

endmodule

`default_nettype wire
