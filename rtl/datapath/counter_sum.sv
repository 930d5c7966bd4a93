// SPDX-License-Identifier: Apache-2.0
// Turns ends of frames into what to add to each counter, one cycle later.
//
// ENDINGS: those that can happen in one cycle.
// port_increments: of the frame counter (0) and the byte counter (1) of each port. These counters come first in the enumeration;
// their increments pass as they are.
`default_nettype none

module counter_sum #(
    parameter int unsigned ENDINGS = 10,
    localparam int unsigned PORTS = 4
) (
    input wire clk,
    input wire rst,

    input  datapath_pkg::ending_t [ENDINGS-1:0] endings,
    input  wire [PORTS-1:0][1:0][6:0]           port_increments,
    output datapath_pkg::increments_t           increments
);

  localparam int unsigned PORT_COUNTERS = 2 * PORTS;

  if (sapulse_pkg::COUNTER_LINE_RX_FRAMES != 6'd0 || sapulse_pkg::COUNTER_CORE_TX_BYTES != 6'(PORT_COUNTERS - 1)) begin : g_order
    $error("counter_sum: the counters of the ports must come first");
  end

  assign increments[PORT_COUNTERS-1:0] = port_increments;

  for (genvar c = PORT_COUNTERS; c < sapulse_pkg::COUNTERS; c++) begin : g_counter
    logic [6:0] total, sum;
    always_comb begin
      total = 7'd0;
      for (int i = 0; i < ENDINGS; i++) begin
        if (endings[i].valid && endings[i].counter == 6'(c)) total += 7'd1;
      end
    end
    always_ff @(posedge clk) begin
      sum <= total;
      if (rst) sum <= '0;
    end
    assign increments[c] = sum;
  end

endmodule

`default_nettype wire
