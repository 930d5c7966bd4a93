// SPDX-License-Identifier: Apache-2.0
// Start of a 100G MAC (PG203, "Core Bring Up Sequence"): receive at once, say remote fault until the receiver is aligned, send from
// then on. The transmitter stays enabled when the link falls, so that a frame under way is not cut.
//
// aligned  of the MAC's receiver; up: frames can be sent and arrive
`default_nettype none

module mac_bringup (
    input  wire  clk,
    input  wire  rst,
    input  wire  aligned,
    output logic rx_enable,
    output logic tx_enable,
    output logic send_rfi,
    output logic up
);

  always_ff @(posedge clk) begin
    rx_enable <= 1'b1;
    send_rfi <= !aligned;
    tx_enable <= tx_enable || aligned;
    up <= aligned && tx_enable;
    if (rst) begin
      rx_enable <= 1'b0;
      tx_enable <= 1'b0;
      send_rfi <= 1'b0;
      up <= 1'b0;
    end
  end

endmodule

`default_nettype wire
