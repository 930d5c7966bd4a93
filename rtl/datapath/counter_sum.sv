// SPDX-License-Identifier: Apache-2.0
// Turns events into what to add to each counter, one cycle later.
//
// EVENTS: events that can happen in one cycle. event_valid, event_counter: event i, counter at bits [6*i +: 6].
// port_increment: of the frame and byte counters of the four ports, which come first in the enumeration, 7 bits each.
// increment: counter i at bits [7*i +: 7].
`default_nettype none

module counter_sum #(
    parameter int unsigned EVENTS = 7
) (
    input wire clk,
    input wire rst,

    input  wire  [                    EVENTS-1:0] event_valid,
    input  wire  [                  6*EVENTS-1:0] event_counter,
    input  wire  [                      7*8-1:0]  port_increment,
    output logic [7*sapulse_pkg::COUNTERS-1:0]    increment
);

  localparam int unsigned PORT_COUNTERS = 8;

  if (sapulse_pkg::COUNTER_LINE_RX_FRAMES != 6'd0 || sapulse_pkg::COUNTER_CORE_TX_BYTES != 6'(PORT_COUNTERS - 1)) begin : g_order
    $error("counter_sum: the counters of the ports must come first");
  end

  for (genvar c = 0; c < sapulse_pkg::COUNTERS; c = c + 1) begin : g_counter
    if (c < PORT_COUNTERS) begin : g_port
      assign increment[7*c+:7] = port_increment[7*c+:7];
    end else begin : g_events
      logic [6:0] total, sum;
      always_comb begin
        total = 7'd0;
        for (int i = 0; i < EVENTS; i = i + 1) begin
          if (event_valid[i] && event_counter[6*i+:6] == 6'(c)) total = total + 7'd1;
        end
      end
      always_ff @(posedge clk) begin
        sum <= total;
        if (rst) sum <= '0;
      end
      assign increment[7*c+:7] = sum;
    end
  end

endmodule

`default_nettype wire
