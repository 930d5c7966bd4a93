// SPDX-License-Identifier: Apache-2.0
// One MAC for both sides of the card, sending: whole frames of line and core in turn. The VID of an outer VLAN tag becomes that of
// the side that sends, priority stays; frames without a tag leave as they are.
//
// LINE_VID, CORE_VID  VLAN of the network and of the gateway
`default_nettype none

module vlan_join #(
    parameter logic [11:0] LINE_VID = 12'd100,
    parameter logic [11:0] CORE_VID = 12'd200
) (
    input wire clk,
    input wire rst,

    stream_if.sink   line,  // axis_beat, as the next two
    stream_if.sink   core,
    stream_if.source out
);

  localparam logic [15:0] TPID = 16'h8100;

  // From the first offer of a frame to its end its source stays; else the one that did not send last goes first.
  logic bound, later, was_core, from_core;
  assign from_core = bound ? was_core : was_core ? !line.valid : core.valid;

  sapulse_pkg::axis_beat beat;
  logic [11:0] vid;
  logic has_tag;
  assign beat = from_core ? core.data : line.data;
  assign vid = from_core ? CORE_VID : LINE_VID;
  assign has_tag = !later && {beat.data[8*12+:8], beat.data[8*13+:8]} == TPID && beat.keep[15];

  assign out.valid = from_core ? core.valid : line.valid;
  assign line.ready = !from_core && out.ready;
  assign core.ready = from_core && out.ready;
  always_comb begin
    out.data = beat;
    if (has_tag) begin
      out.data.data[8*14+:4] = vid[11:8];
      out.data.data[8*15+:8] = vid[7:0];
    end
  end

  always_ff @(posedge clk) begin
    if (out.valid) begin
      bound <= !(out.ready && beat.last);
      was_core <= from_core;
    end
    if (out.valid && out.ready) later <= !beat.last;
    if (rst) begin
      bound <= 1'b0;
      later <= 1'b0;
      was_core <= 1'b0;
    end
  end

endmodule

`default_nettype wire
