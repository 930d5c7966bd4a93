// SPDX-License-Identifier: Apache-2.0
// One AXI4-Lite manager, two subordinates: the highest address bit chooses. One write and one read at a time.
//
// s     from the manager
// a, b  to the subordinates with that bit 0 and 1, of one address bit less. Address and data lines of both carry the same.
`default_nettype none

module axil_split (
    input wire clk,
    input wire rst,

    axil_if.subordinate s,
    axil_if.manager     a,
    axil_if.manager     b
);

  localparam int unsigned ADDR_W = a.ADDR_W;
  if (s.ADDR_W != ADDR_W + 1 || b.ADDR_W != ADDR_W) begin : g_width
    $error("axil_split: a and b must have one address bit less than s");
  end

  // From the address on until the response: whose turn it is, and what has been handed over.
  logic writing, write_b, address_done, data_done, reading, read_b, read_done;

  // Writes.
  assign a.aw = '{prot: s.aw.prot, addr: s.aw.addr[ADDR_W-1:0]};
  assign b.aw = a.aw;
  assign a.w = s.w;
  assign b.w = s.w;
  assign a.awvalid = writing && !write_b && !address_done;
  assign b.awvalid = writing && write_b && !address_done;
  assign a.wvalid = writing && !write_b && !data_done && s.wvalid;
  assign b.wvalid = writing && write_b && !data_done && s.wvalid;
  assign s.awready = writing && !address_done && (write_b ? b.awready : a.awready);
  assign s.wready = writing && !data_done && (write_b ? b.wready : a.wready);
  assign s.bvalid = writing && (write_b ? b.bvalid : a.bvalid);
  assign s.b = write_b ? b.b : a.b;
  assign a.bready = writing && !write_b && s.bready;
  assign b.bready = writing && write_b && s.bready;

  always_ff @(posedge clk) begin
    if (!writing) begin
      writing <= s.awvalid;
      write_b <= s.aw.addr[ADDR_W];
      address_done <= 1'b0;
      data_done <= 1'b0;
    end else begin
      if (s.awvalid && s.awready) address_done <= 1'b1;
      if (s.wvalid && s.wready) data_done <= 1'b1;
      if (s.bvalid && s.bready) writing <= 1'b0;
    end
    if (rst) writing <= 1'b0;
  end

  // Reads.
  assign a.ar = '{prot: s.ar.prot, addr: s.ar.addr[ADDR_W-1:0]};
  assign b.ar = a.ar;
  assign a.arvalid = reading && !read_b && !read_done;
  assign b.arvalid = reading && read_b && !read_done;
  assign s.arready = reading && !read_done && (read_b ? b.arready : a.arready);
  assign s.rvalid = reading && (read_b ? b.rvalid : a.rvalid);
  assign s.r = read_b ? b.r : a.r;
  assign a.rready = reading && !read_b && s.rready;
  assign b.rready = reading && read_b && s.rready;

  always_ff @(posedge clk) begin
    if (!reading) begin
      reading <= s.arvalid;
      read_b <= s.ar.addr[ADDR_W];
      read_done <= 1'b0;
    end else begin
      if (s.arvalid && s.arready) read_done <= 1'b1;
      if (s.rvalid && s.rready) reading <= 1'b0;
    end
    if (rst) reading <= 1'b0;
  end

endmodule

`default_nettype wire
