// SPDX-License-Identifier: Apache-2.0
// Turns ends of frames into what to add to each counter, two cycles later.
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

  // What tells of an end has come through valid and ready already: a register, then the sums.
  datapath_pkg::ending_t [ENDINGS-1:0] ended;
  always_ff @(posedge clk) ended <= rst ? '0 : endings;

  // Ones among five bits, as a table, for a chain of additions is deeper.
  function automatic logic [31:0][2:0] make_ones();
    for (int i = 0; i < 32; i++) make_ones[i] = 3'(i[0]) + 3'(i[1]) + 3'(i[2]) + 3'(i[3]) + 3'(i[4]);
  endfunction
  localparam logic [31:0][2:0] ONES = make_ones();
  localparam int unsigned GROUPS = (ENDINGS + 4) / 5;

  for (genvar c = PORT_COUNTERS; c < sapulse_pkg::COUNTERS; c++) begin : g_counter
    logic [GROUPS-1:0][4:0] hits;
    logic [6:0] total, sum;
    always_comb begin
      hits = '0;
      total = 7'd0;
      for (int i = 0; i < ENDINGS; i++) hits[i/5][i%5] = ended[i].valid && ended[i].counter == 6'(c);
      for (int group = 0; group < GROUPS; group++) total += 7'(ONES[hits[group]]);
    end
    always_ff @(posedge clk) begin
      sum <= total;
      if (rst) sum <= '0;
    end
    assign increments[c] = sum;
  end

endmodule

`default_nettype wire
