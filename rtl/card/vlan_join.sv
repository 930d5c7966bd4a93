// SPDX-License-Identifier: Apache-2.0
// One MAC for both sides of the card, sending: whole frames of line and core in turn. The VID of an outer VLAN tag becomes that of the
// side that sends, priority stays; frames without a tag leave as they are.
//
// LINE_VID, CORE_VID  VLAN of the network and of the gateway
// beats               {tuser, tlast, tkeep, tdata}
`default_nettype none

module vlan_join #(
    parameter logic [11:0] LINE_VID = 12'd100,
    parameter logic [11:0] CORE_VID = 12'd200
) (
    input wire clk,
    input wire rst,

    input  wire          line_valid,
    output logic         line_ready,
    input  wire  [577:0] line_beat,

    input  wire          core_valid,
    output logic         core_ready,
    input  wire  [577:0] core_beat,

    output logic         out_valid,
    input  wire          out_ready,
    output logic [577:0] out_beat
);

  localparam logic [15:0] TPID = 16'h8100;

  // From the first offer of a frame to its end its source stays; else the one that did not send last goes first.
  logic bound, later, was_core, from_core;
  assign from_core = bound ? was_core : was_core ? !line_valid : core_valid;

  logic [577:0] beat;
  logic [ 11:0] vid;
  logic has_tag;
  assign beat = from_core ? core_beat : line_beat;
  assign vid = from_core ? CORE_VID : LINE_VID;
  assign has_tag = !later && {beat[8*12+:8], beat[8*13+:8]} == TPID && beat[512+15];

  assign out_valid = from_core ? core_valid : line_valid;
  assign line_ready = !from_core && out_ready;
  assign core_ready = from_core && out_ready;
  always_comb begin
    out_beat = beat;
    if (has_tag) begin
      out_beat[8*14+:4] = vid[11:8];
      out_beat[8*15+:8] = vid[7:0];
    end
  end

  always_ff @(posedge clk) begin
    if (out_valid) begin
      bound <= !(out_ready && beat[576]);
      was_core <= from_core;
    end
    if (out_valid && out_ready) later <= !beat[576];
    if (rst) begin
      bound <= 1'b0;
      later <= 1'b0;
      was_core <= 1'b0;
    end
  end

endmodule

`default_nettype wire
