// SPDX-License-Identifier: Apache-2.0
// One AXI4-Lite manager, two subordinates: the address bit above ADDRESS_W chooses. One write and one read at a time.
//
// ADDRESS_W  address bits of each subordinate
// s_*        from the manager; a_*, b_*: to the subordinates with that bit 0 and 1. Address and data lines of both carry the same.
`default_nettype none

module axil_split #(
    parameter int unsigned ADDRESS_W = 16
) (
    input wire clk,
    input wire rst,

    input  wire  [ADDRESS_W:0] s_awaddr,
    input  wire                s_awvalid,
    output logic               s_awready,
    input  wire  [       31:0] s_wdata,
    input  wire  [        3:0] s_wstrb,
    input  wire                s_wvalid,
    output logic               s_wready,
    output logic [        1:0] s_bresp,
    output logic               s_bvalid,
    input  wire                s_bready,
    input  wire  [ADDRESS_W:0] s_araddr,
    input  wire                s_arvalid,
    output logic               s_arready,
    output logic [       31:0] s_rdata,
    output logic [        1:0] s_rresp,
    output logic               s_rvalid,
    input  wire                s_rready,

    output logic [ADDRESS_W-1:0] awaddr,
    output logic [         31:0] wdata,
    output logic [          3:0] wstrb,
    output logic [ADDRESS_W-1:0] araddr,

    output logic        a_awvalid,
    input  wire         a_awready,
    output logic        a_wvalid,
    input  wire         a_wready,
    input  wire  [ 1:0] a_bresp,
    input  wire         a_bvalid,
    output logic        a_bready,
    output logic        a_arvalid,
    input  wire         a_arready,
    input  wire  [31:0] a_rdata,
    input  wire  [ 1:0] a_rresp,
    input  wire         a_rvalid,
    output logic        a_rready,

    output logic        b_awvalid,
    input  wire         b_awready,
    output logic        b_wvalid,
    input  wire         b_wready,
    input  wire  [ 1:0] b_bresp,
    input  wire         b_bvalid,
    output logic        b_bready,
    output logic        b_arvalid,
    input  wire         b_arready,
    input  wire  [31:0] b_rdata,
    input  wire  [ 1:0] b_rresp,
    input  wire         b_rvalid,
    output logic        b_rready
);

  // From the address on until the response: whose turn it is, and what has been handed over.
  logic writing, write_b, address_done, data_done, reading, read_b, read_done;
  logic aw_fire, w_fire, ar_fire;

  // Writes.
  assign awaddr = s_awaddr[ADDRESS_W-1:0];
  assign wdata = s_wdata;
  assign wstrb = s_wstrb;
  assign a_awvalid = writing && !write_b && !address_done;
  assign b_awvalid = writing && write_b && !address_done;
  assign a_wvalid = writing && !write_b && !data_done && s_wvalid;
  assign b_wvalid = writing && write_b && !data_done && s_wvalid;
  assign s_awready = writing && !address_done && (write_b ? b_awready : a_awready);
  assign s_wready = writing && !data_done && (write_b ? b_wready : a_wready);
  assign aw_fire = s_awvalid && s_awready;
  assign w_fire = s_wvalid && s_wready;
  assign s_bvalid = writing && (write_b ? b_bvalid : a_bvalid);
  assign s_bresp = write_b ? b_bresp : a_bresp;
  assign a_bready = writing && !write_b && s_bready;
  assign b_bready = writing && write_b && s_bready;

  always_ff @(posedge clk) begin
    if (!writing) begin
      writing <= s_awvalid;
      write_b <= s_awaddr[ADDRESS_W];
      address_done <= 1'b0;
      data_done <= 1'b0;
    end else begin
      if (aw_fire) address_done <= 1'b1;
      if (w_fire) data_done <= 1'b1;
      if (s_bvalid && s_bready) writing <= 1'b0;
    end
    if (rst) writing <= 1'b0;
  end

  // Reads.
  assign araddr = s_araddr[ADDRESS_W-1:0];
  assign a_arvalid = reading && !read_b && !read_done;
  assign b_arvalid = reading && read_b && !read_done;
  assign s_arready = reading && !read_done && (read_b ? b_arready : a_arready);
  assign ar_fire = s_arvalid && s_arready;
  assign s_rvalid = reading && (read_b ? b_rvalid : a_rvalid);
  assign s_rdata = read_b ? b_rdata : a_rdata;
  assign s_rresp = read_b ? b_rresp : a_rresp;
  assign a_rready = reading && !read_b && s_rready;
  assign b_rready = reading && read_b && s_rready;

  always_ff @(posedge clk) begin
    if (!reading) begin
      reading <= s_arvalid;
      read_b <= s_araddr[ADDRESS_W];
      read_done <= 1'b0;
    end else begin
      if (ar_fire) read_done <= 1'b1;
      if (s_rvalid && s_rready) reading <= 1'b0;
    end
    if (rst) reading <= 1'b0;
  end

endmodule

`default_nettype wire
