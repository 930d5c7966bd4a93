// SPDX-License-Identifier: Apache-2.0
// Rules of a manager of AXI4 that moves whole beats, by bursts of incrementing addresses, and has one write burst under way at
// most, whose data do not come before its address: what it offers stays as it is until it is taken (A3.2.1); no burst crosses 4
// KiB (A3.4.1); its beats are whole and begin at a multiple of a beat, so every byte lane takes part (A3.4.3); a write burst has
// as many beats as it says, and of these only the last is marked (A3.4.1).
`default_nettype none

module axi_manager_rules (
    input wire clk,
    input wire rst,
    axi_if.monitor axi
);

  localparam logic [1:0] INCR = 2'b01;
  localparam int unsigned SHIFT = $clog2(axi.DATA_W / 8);  // log2 of the bytes of a beat

  channel_rules #(.WIDTH(axi.ADDRESS_W)) u_aw (
      .clk, .rst, .valid(axi.awvalid), .ready(axi.awready), .data(axi.aw)
  );
  channel_rules #(.WIDTH(axi.WDATA_W)) u_w (
      .clk, .rst, .valid(axi.wvalid), .ready(axi.wready), .data(axi.w)
  );
  channel_rules #(.WIDTH(axi.ADDRESS_W)) u_ar (
      .clk, .rst, .valid(axi.arvalid), .ready(axi.arready), .data(axi.ar)
  );

  // The last byte of a burst, from the beginning of the 4 KiB in which it begins.
  wire [31:0] aw_last = 32'(axi.aw.addr[11:0]) + ((32'(axi.aw.len) + 32'd1) << SHIFT) - 32'd1;
  wire [31:0] ar_last = 32'(axi.ar.addr[11:0]) + ((32'(axi.ar.len) + 32'd1) << SHIFT) - 32'd1;
  wire whole_beats_written = !axi.awvalid || (axi.aw.burst == INCR && 32'(axi.aw.size) == SHIFT && axi.aw.addr[SHIFT-1:0] == '0);
  wire whole_beats_read = !axi.arvalid || (axi.ar.burst == INCR && 32'(axi.ar.size) == SHIFT && axi.ar.addr[SHIFT-1:0] == '0);
  wire write_in_4_kib = !axi.awvalid || aw_last < 32'd4096;
  wire read_in_4_kib = !axi.arvalid || ar_last < 32'd4096;

  // The write burst under way: what has been taken of it.
  logic has_aw, has_w;
  logic [7:0] beats, burst_len, len;
  assign len = has_aw ? burst_len : axi.aw.len;
  wire b_done = axi.bvalid && axi.bready;
  wire w_done = axi.wvalid && axi.wready;
  always_ff @(posedge clk) begin
    if (axi.awvalid && axi.awready) burst_len <= axi.aw.len;
    has_aw <= !rst && !b_done && (has_aw || (axi.awvalid && axi.awready));
    has_w <= !rst && !b_done && (has_w || (w_done && axi.w.last));
    beats <= rst || b_done ? '0 : beats + 8'(w_done);
  end

  wire one_address = !(axi.awvalid && has_aw);
  wire one_burst = !(axi.wvalid && has_w);
  wire address_first = !axi.wvalid || has_aw || axi.awvalid;
  wire last_beat_marked = !axi.wvalid || axi.w.last == (beats == len);
  wire all_lanes = !axi.wvalid || &axi.w.strb;

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (whole_beats_written);
      assert (whole_beats_read);
      assert (write_in_4_kib);
      assert (read_in_4_kib);
      assert (one_address);
      assert (one_burst);
      assert (address_first);
      assert (last_beat_marked);
      assert (all_lanes);
    end
  end

endmodule

`default_nettype wire
