// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Checks the rules of an AXI4 bus (AMBA AXI, A3 and A5) on which both sides answer in order. Broken rules are reported with $error.
//  * the handshake rules of each channel
//  * bursts: INCR, full width, within one 4 KiB page (A3.4.1)
//  * wlast and rlast agree with the length of the burst
//  * no response without a finished request
//  * a response carries the identifier of its request
module axi_checker #(
    parameter int PENDING = 16  // bursts in flight at most, per direction
) (
    input wire     clk,
    input wire     rst,  // synchronous, active high
    axi_if.monitor axi
);

  localparam int BYTES = axi.DATA_W / 8;
  localparam logic [2:0] SIZE = 3'($clog2(BYTES));
  localparam logic [1:0] INCR = 2'b01;
  localparam int PW = $clog2(PENDING);

  handshake_checker #(.WIDTH(axi.ADDRESS_W)) u_aw (.clk, .rst, .payload(axi.aw), .valid(axi.awvalid), .ready(axi.awready));
  handshake_checker #(.WIDTH(axi.WDATA_W)) u_w (.clk, .rst, .payload(axi.w), .valid(axi.wvalid), .ready(axi.wready));
  handshake_checker #(.WIDTH(axi.B_W)) u_b (.clk, .rst, .payload(axi.b), .valid(axi.bvalid), .ready(axi.bready));
  handshake_checker #(.WIDTH(axi.ADDRESS_W)) u_ar (.clk, .rst, .payload(axi.ar), .valid(axi.arvalid), .ready(axi.arready));
  handshake_checker #(.WIDTH(axi.R_W)) u_r (.clk, .rst, .payload(axi.r), .valid(axi.rvalid), .ready(axi.rready));

  // Bytes from the start of its page that a burst ends before; more than 4096 when it leaves the page.
  function automatic logic [15:0] page_end(input logic [11:0] address, input logic [7:0] len);
    return {4'd0, address & ~12'(BYTES - 1)} + (16'(len) + 16'd1) * 16'(BYTES);
  endfunction

  // Write bursts: data may come before its address, so lengths of addresses and of data are kept apart and compared
  // when both are known. Index counters; the slot is the counter modulo PENDING.
  logic [7:0] aw_len_reg[PENDING];
  logic [axi.ID_W-1:0] aw_id_reg[PENDING];
  logic [7:0] w_len_reg [PENDING];
  logic [PW:0] aw_count_reg, w_count_reg, b_count_reg, compared_reg;
  logic [7:0] w_beat_reg;

  // Read bursts.
  logic [7:0] ar_len_reg[PENDING];
  logic [axi.ID_W-1:0] ar_id_reg[PENDING];
  logic [PW:0] ar_count_reg, r_count_reg;
  logic [7:0] r_beat_reg;

  wire comparable = compared_reg != aw_count_reg && compared_reg != w_count_reg;
  wire r_pending = r_count_reg != ar_count_reg;

  always_ff @(posedge clk) begin
    if (rst) begin
      aw_count_reg <= '0;
      w_count_reg  <= '0;
      b_count_reg  <= '0;
      compared_reg <= '0;
      w_beat_reg   <= '0;
      ar_count_reg <= '0;
      r_count_reg  <= '0;
      r_beat_reg   <= '0;
    end else begin
      if (axi.awvalid && axi.awready) begin
        aw_len_reg[aw_count_reg[PW-1:0]] <= axi.aw.len;
        aw_id_reg[aw_count_reg[PW-1:0]] <= axi.aw.id;
        aw_count_reg <= aw_count_reg + 1'b1;
        a_aw_burst : assert (axi.aw.burst == INCR && axi.aw.size == SIZE) else $error("write burst is not INCR of full width");
        a_aw_page : assert (page_end(axi.aw.addr[11:0], axi.aw.len) <= 16'd4096)
          else $error("write burst at %h crosses a 4 KiB page", axi.aw.addr);
        a_aw_pending : assert ((aw_count_reg - b_count_reg) != (PW + 1)'(PENDING)) else $error("too many write bursts");
      end
      if (axi.wvalid && axi.wready) begin
        w_beat_reg <= axi.w.last ? '0 : w_beat_reg + 1'b1;
        if (axi.w.last) begin
          w_len_reg[w_count_reg[PW-1:0]] <= w_beat_reg;
          w_count_reg <= w_count_reg + 1'b1;
        end
      end
      if (comparable) begin
        compared_reg <= compared_reg + 1'b1;
        a_wlast : assert (aw_len_reg[compared_reg[PW-1:0]] == w_len_reg[compared_reg[PW-1:0]])
          else $error("wlast does not agree with awlen");
      end
      if (axi.bvalid) begin
        a_b_request : assert (b_count_reg != aw_count_reg && b_count_reg != w_count_reg)
          else $error("write response without a finished burst");
        a_b_id : assert (axi.b.id == aw_id_reg[b_count_reg[PW-1:0]]) else $error("write response to another identifier");
        if (axi.bready) b_count_reg <= b_count_reg + 1'b1;
      end

      if (axi.arvalid && axi.arready) begin
        ar_len_reg[ar_count_reg[PW-1:0]] <= axi.ar.len;
        ar_id_reg[ar_count_reg[PW-1:0]] <= axi.ar.id;
        ar_count_reg <= ar_count_reg + 1'b1;
        a_ar_burst : assert (axi.ar.burst == INCR && axi.ar.size == SIZE) else $error("read burst is not INCR of full width");
        a_ar_page : assert (page_end(axi.ar.addr[11:0], axi.ar.len) <= 16'd4096)
          else $error("read burst at %h crosses a 4 KiB page", axi.ar.addr);
        a_ar_pending : assert ((ar_count_reg - r_count_reg) != (PW + 1)'(PENDING)) else $error("too many read bursts");
      end
      if (axi.rvalid) begin
        a_r_request : assert (r_pending) else $error("read data without a request");
        a_rlast : assert (!r_pending || axi.r.last == (r_beat_reg == ar_len_reg[r_count_reg[PW-1:0]]))
          else $error("rlast does not agree with arlen");
        a_r_id : assert (!r_pending || axi.r.id == ar_id_reg[r_count_reg[PW-1:0]]) else $error("read data of another identifier");
        if (axi.rready) begin
          r_beat_reg <= axi.r.last ? '0 : r_beat_reg + 1'b1;
          if (axi.r.last) r_count_reg <= r_count_reg + 1'b1;
        end
      end
    end
  end

endmodule

`default_nettype wire
