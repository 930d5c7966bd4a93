// SPDX-License-Identifier: Apache-2.0
// One MAC for both sides of the card, receiving: frames go to line or core by their outer VLAN, all others end here.
//
// LINE_VID, CORE_VID  VLAN of the network and of the gateway
// beats               {tuser, tlast, tkeep, tdata}
// foreign             frames of neither VLAN so far, modulo 2^32
`default_nettype none

module vlan_split #(
    parameter logic [11:0] LINE_VID = 12'd100,
    parameter logic [11:0] CORE_VID = 12'd200
) (
    input wire clk,
    input wire rst,

    input  wire          in_valid,
    output logic         in_ready,
    input  wire  [577:0] in_beat,

    output logic         line_valid,
    input  wire          line_ready,
    output logic [577:0] line_beat,

    output logic         core_valid,
    input  wire          core_ready,
    output logic [577:0] core_beat,

    output logic [31:0] foreign
);

  localparam logic [15:0] TPID = 16'h8100;

  // Bytes 12..15 of the frame: TPID, then PCP and DEI and VID.
  logic [15:0] tpid;
  logic [11:0] vid;
  assign tpid = {in_beat[8*12+:8], in_beat[8*13+:8]};
  assign vid = {in_beat[8*14+:4], in_beat[8*15+:8]};

  logic later, was_line, was_core, to_line, to_core, has_tag;
  assign has_tag = tpid == TPID && in_beat[512+15];
  assign to_line = later ? was_line : has_tag && vid == LINE_VID;
  assign to_core = later ? was_core : has_tag && vid == CORE_VID;

  assign line_valid = in_valid && to_line;
  assign core_valid = in_valid && to_core;
  assign line_beat = in_beat;
  assign core_beat = in_beat;
  assign in_ready = to_line ? line_ready : to_core ? core_ready : 1'b1;

  always_ff @(posedge clk) begin
    if (in_valid && in_ready) begin
      later <= !in_beat[576];
      was_line <= to_line;
      was_core <= to_core;
      if (in_beat[576] && !to_line && !to_core) foreign <= foreign + 32'd1;
    end
    if (rst) begin
      later <= 1'b0;
      foreign <= 32'd0;
    end
  end

endmodule

`default_nettype wire
