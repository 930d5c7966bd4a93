// SPDX-License-Identifier: Apache-2.0
// One MAC for both sides of the card, receiving: frames go to line or core by their outer VLAN, all others end here.
//
// LINE_VID, CORE_VID  VLAN of the network and of the gateway
// foreign             frames of neither VLAN so far, modulo 2^32
`default_nettype none

module vlan_split #(
    parameter logic [11:0] LINE_VID = 12'd100,
    parameter logic [11:0] CORE_VID = 12'd200
) (
    input wire clk,
    input wire rst,

    stream_if.sink      in,  // axis_beat, as the next two
    stream_if.source    line,
    stream_if.source    core,
    output logic [31:0] foreign
);

  localparam logic [15:0] TPID = 16'h8100;

  // Bytes 12..15 of the frame: TPID, then PCP and DEI and VID.
  logic [15:0] tpid;
  logic [11:0] vid;
  assign tpid = {in.data.data[8*12+:8], in.data.data[8*13+:8]};
  assign vid = {in.data.data[8*14+:4], in.data.data[8*15+:8]};

  logic later, was_line, was_core, to_line, to_core, has_tag;
  assign has_tag = tpid == TPID && in.data.keep[15];
  assign to_line = later ? was_line : has_tag && vid == LINE_VID;
  assign to_core = later ? was_core : has_tag && vid == CORE_VID;

  assign line.valid = in.valid && to_line;
  assign core.valid = in.valid && to_core;
  assign line.data = in.data;
  assign core.data = in.data;
  assign in.ready = to_line ? line.ready : to_core ? core.ready : 1'b1;

  always_ff @(posedge clk) begin
    if (in.valid && in.ready) begin
      later <= !in.data.last;
      was_line <= to_line;
      was_core <= to_core;
      if (in.data.last && !to_line && !to_core) foreign <= foreign + 32'd1;
    end
    if (rst) begin
      later <= 1'b0;
      foreign <= 32'd0;
    end
  end

endmodule

`default_nettype wire
