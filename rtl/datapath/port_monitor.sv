// SPDX-License-Identifier: Apache-2.0
// Frames and bytes through a port: what to add to its counters, one cycle later.
`default_nettype none

module port_monitor (
    input wire clk,
    input wire rst,

    input  datapath_pkg::port_beat_t beat,
    output logic [6:0]               frames,
    output logic [6:0]               bytes
);

  always_ff @(posedge clk) begin
    frames <= {6'd0, beat.fire && beat.last};
    bytes <= beat.fire ? datapath_pkg::keep_count(beat.keep) : 7'd0;
    if (rst) begin
      frames <= '0;
      bytes <= '0;
    end
  end

endmodule

`default_nettype wire
