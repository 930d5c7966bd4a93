// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Checks the rules of an AXI4 bus (AMBA AXI, A3 and A5) on which both sides answer in order. Broken rules are reported with $error.
//  * the handshake rules of each channel
//  * bursts: INCR, full width, within one 4 KiB page (A3.4.1)
//  * wlast and rlast agree with the length of the burst
//  * no response without a finished request
//  * a response carries the identifier of its request
module axi_checker #(
    parameter int ADDR_WIDTH = 64,
    parameter int BYTES      = 64,  // width of the data
    parameter int ID_WIDTH   = 4,
    parameter int PENDING    = 16   // bursts in flight at most, per direction
) (
    input wire                  clk,
    input wire                  rst,      // synchronous, active high
    input wire [  ID_WIDTH-1:0] awid,
    input wire [ADDR_WIDTH-1:0] awaddr,
    input wire [           7:0] awlen,
    input wire [           2:0] awsize,
    input wire [           1:0] awburst,
    input wire                  awvalid,
    input wire                  awready,
    input wire [   8*BYTES-1:0] wdata,
    input wire [     BYTES-1:0] wstrb,
    input wire                  wlast,
    input wire                  wvalid,
    input wire                  wready,
    input wire [  ID_WIDTH-1:0] bid,
    input wire [           1:0] bresp,
    input wire                  bvalid,
    input wire                  bready,
    input wire [  ID_WIDTH-1:0] arid,
    input wire [ADDR_WIDTH-1:0] araddr,
    input wire [           7:0] arlen,
    input wire [           2:0] arsize,
    input wire [           1:0] arburst,
    input wire                  arvalid,
    input wire                  arready,
    input wire [  ID_WIDTH-1:0] rid,
    input wire [   8*BYTES-1:0] rdata,
    input wire [           1:0] rresp,
    input wire                  rlast,
    input wire                  rvalid,
    input wire                  rready
);

  localparam logic [2:0] SIZE = 3'($clog2(BYTES));
  localparam logic [1:0] INCR = 2'b01;
  localparam int PW = $clog2(PENDING);

  handshake_checker #(.WIDTH(ADDR_WIDTH + ID_WIDTH + 13)) aw (
      .clk, .rst, .payload({awid, awaddr, awlen, awsize, awburst}), .valid(awvalid), .ready(awready));
  handshake_checker #(.WIDTH(9 * BYTES + 1)) w (.clk, .rst, .payload({wlast, wstrb, wdata}), .valid(wvalid), .ready(wready));
  handshake_checker #(.WIDTH(ID_WIDTH + 2)) b (.clk, .rst, .payload({bid, bresp}), .valid(bvalid), .ready(bready));
  handshake_checker #(.WIDTH(ADDR_WIDTH + ID_WIDTH + 13)) ar (
      .clk, .rst, .payload({arid, araddr, arlen, arsize, arburst}), .valid(arvalid), .ready(arready));
  handshake_checker #(.WIDTH(8 * BYTES + ID_WIDTH + 3)) r (
      .clk, .rst, .payload({rid, rlast, rresp, rdata}), .valid(rvalid), .ready(rready));

  // Bytes from the start of its page that a burst ends before; more than 4096 when it leaves the page.
  function automatic logic [15:0] page_end(input logic [11:0] address, input logic [7:0] len);
    return {4'd0, address & ~12'(BYTES - 1)} + (16'(len) + 16'd1) * 16'(BYTES);
  endfunction

  // Write bursts: data may come before its address, so lengths of addresses and of data are kept apart and compared
  // when both are known. Index counters; the slot is the counter modulo PENDING.
  logic [7:0] aw_len_reg[PENDING];
  logic [ID_WIDTH-1:0] aw_id_reg[PENDING];
  logic [7:0] w_len_reg [PENDING];
  logic [PW:0] aw_count_reg, w_count_reg, b_count_reg, compared_reg;
  logic [7:0] w_beat_reg;

  // Read bursts.
  logic [7:0] ar_len_reg[PENDING];
  logic [ID_WIDTH-1:0] ar_id_reg[PENDING];
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
      if (awvalid && awready) begin
        aw_len_reg[aw_count_reg[PW-1:0]] <= awlen;
        aw_id_reg[aw_count_reg[PW-1:0]] <= awid;
        aw_count_reg <= aw_count_reg + 1'b1;
        a_aw_burst : assert (awburst == INCR && awsize == SIZE) else $error("write burst is not INCR of full width");
        a_aw_page : assert (page_end(awaddr[11:0], awlen) <= 16'd4096) else $error("write burst at %h crosses a 4 KiB page", awaddr);
        a_aw_pending : assert ((aw_count_reg - b_count_reg) != (PW + 1)'(PENDING)) else $error("too many write bursts");
      end
      if (wvalid && wready) begin
        w_beat_reg <= wlast ? '0 : w_beat_reg + 1'b1;
        if (wlast) begin
          w_len_reg[w_count_reg[PW-1:0]] <= w_beat_reg;
          w_count_reg <= w_count_reg + 1'b1;
        end
      end
      if (comparable) begin
        compared_reg <= compared_reg + 1'b1;
        a_wlast : assert (aw_len_reg[compared_reg[PW-1:0]] == w_len_reg[compared_reg[PW-1:0]])
          else $error("wlast does not agree with awlen");
      end
      if (bvalid) begin
        a_b_request : assert (b_count_reg != aw_count_reg && b_count_reg != w_count_reg)
          else $error("write response without a finished burst");
        a_b_id : assert (bid == aw_id_reg[b_count_reg[PW-1:0]]) else $error("write response to another identifier");
        if (bready) b_count_reg <= b_count_reg + 1'b1;
      end

      if (arvalid && arready) begin
        ar_len_reg[ar_count_reg[PW-1:0]] <= arlen;
        ar_id_reg[ar_count_reg[PW-1:0]] <= arid;
        ar_count_reg <= ar_count_reg + 1'b1;
        a_ar_burst : assert (arburst == INCR && arsize == SIZE) else $error("read burst is not INCR of full width");
        a_ar_page : assert (page_end(araddr[11:0], arlen) <= 16'd4096) else $error("read burst at %h crosses a 4 KiB page", araddr);
        a_ar_pending : assert ((ar_count_reg - r_count_reg) != (PW + 1)'(PENDING)) else $error("too many read bursts");
      end
      if (rvalid) begin
        a_r_request : assert (r_pending) else $error("read data without a request");
        a_rlast : assert (!r_pending || rlast == (r_beat_reg == ar_len_reg[r_count_reg[PW-1:0]]))
          else $error("rlast does not agree with arlen");
        a_r_id : assert (!r_pending || rid == ar_id_reg[r_count_reg[PW-1:0]]) else $error("read data of another identifier");
        if (rready) begin
          r_beat_reg <= rlast ? '0 : r_beat_reg + 1'b1;
          if (rlast) r_count_reg <= r_count_reg + 1'b1;
        end
      end
    end
  end

endmodule

`default_nettype wire
