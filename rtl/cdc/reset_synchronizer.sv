// SPDX-License-Identifier: Apache-2.0
// A reset for clk: rises at once with async_rst, even if clk stands still, and falls STAGES edges of clk after it.
//
// STAGES: at least 2.
`default_nettype none

module reset_synchronizer #(
    parameter int unsigned STAGES = 4
) (
    input  wire  clk,
    input  wire  async_rst,
    output logic rst
);

  if (STAGES < 2) begin : g_stages
    $error("reset_synchronizer: STAGES must be at least 2");
  end

  (* ASYNC_REG = "TRUE" *)
  logic [STAGES-1:0] stage;

  always_ff @(posedge clk or posedge async_rst) begin
    if (async_rst) stage <= '1;
    else stage <= {stage[STAGES-2:0], 1'b0};
  end

  assign rst = stage[STAGES-1];

endmodule

`default_nettype wire
