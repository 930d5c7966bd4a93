// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite between two clocks: a FIFO for each channel.
//
// s  requests come from here, in s_clk; m: they go there, in m_clk. Resets: see crossing_reset.
// *_fault  in that clock; a word that has crossed to there had a flipped bit, see checked_crossing
`default_nettype none

module axil_crossing (
    input wire          s_clk,
    input wire          s_rst,
    axil_if.subordinate s,
    output logic        s_fault,

    input wire      m_clk,
    input wire      m_rst,
    axil_if.manager m,
    output logic    m_fault
);

  // A host has few accesses under way.
  localparam int unsigned DEPTH = 4;

  logic [2:0] m_faults;
  logic [1:0] s_faults;
  assign m_fault = |m_faults;
  assign s_fault = |s_faults;

  stream_if #(logic [s.ADDRESS_W-1:0]) s_aw (), m_aw (), s_ar (), m_ar ();
  stream_if #(logic [s.WDATA_W-1:0]) s_w (), m_w ();
  stream_if #(logic [s.B_W-1:0]) s_b (), m_b ();
  stream_if #(logic [s.R_W-1:0]) s_r (), m_r ();

  assign s_aw.valid = s.awvalid, s_aw.data = s.aw, s.awready = s_aw.ready;
  assign m.awvalid = m_aw.valid, m.aw = m_aw.data, m_aw.ready = m.awready;
  checked_crossing #(.DEPTH(DEPTH)) u_aw (
      .in_clk(s_clk), .in_rst(s_rst), .in(s_aw), .out_clk(m_clk), .out_rst(m_rst), .out(m_aw), .fault(m_faults[0])
  );

  assign s_w.valid = s.wvalid, s_w.data = s.w, s.wready = s_w.ready;
  assign m.wvalid = m_w.valid, m.w = m_w.data, m_w.ready = m.wready;
  checked_crossing #(.DEPTH(DEPTH)) u_w (
      .in_clk(s_clk), .in_rst(s_rst), .in(s_w), .out_clk(m_clk), .out_rst(m_rst), .out(m_w), .fault(m_faults[1])
  );

  assign m_b.valid = m.bvalid, m_b.data = m.b, m.bready = m_b.ready;
  assign s.bvalid = s_b.valid, s.b = s_b.data, s_b.ready = s.bready;
  checked_crossing #(.DEPTH(DEPTH)) u_b (
      .in_clk(m_clk), .in_rst(m_rst), .in(m_b), .out_clk(s_clk), .out_rst(s_rst), .out(s_b), .fault(s_faults[0])
  );

  assign s_ar.valid = s.arvalid, s_ar.data = s.ar, s.arready = s_ar.ready;
  assign m.arvalid = m_ar.valid, m.ar = m_ar.data, m_ar.ready = m.arready;
  checked_crossing #(.DEPTH(DEPTH)) u_ar (
      .in_clk(s_clk), .in_rst(s_rst), .in(s_ar), .out_clk(m_clk), .out_rst(m_rst), .out(m_ar), .fault(m_faults[2])
  );

  assign m_r.valid = m.rvalid, m_r.data = m.r, m.rready = m_r.ready;
  assign s.rvalid = s_r.valid, s.r = s_r.data, s_r.ready = s.rready;
  checked_crossing #(.DEPTH(DEPTH)) u_r (
      .in_clk(m_clk), .in_rst(m_rst), .in(m_r), .out_clk(s_clk), .out_rst(s_rst), .out(s_r), .fault(s_faults[1])
  );

endmodule

`default_nettype wire
