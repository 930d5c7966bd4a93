// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite subordinate in front of the register bus: one access at a time, reads and writes in turn when both wait.
//
// LATENCY  hit and rdata are taken so many cycles after bus.write or bus.read, and not before bus.busy is 0. Without a hit the
//          answer is SLVERR.
// hold     nothing is accepted while 1 (tables behind the bus are being cleared after reset; 1 during reset)
//
// Refused with SLVERR and without any effect (AXI4 section A3.4.4): addresses that are not a multiple of 4, and writes whose
// strobes are not all ones.
`default_nettype none

module axil_slave #(
    parameter int unsigned LATENCY = 4
) (
    input wire clk,
    input wire rst,
    input wire hold,

    axil_if.subordinate     axil,
    register_bus_if.manager bus
);
  localparam logic [1:0] RESP_OKAY = 2'b00;
  localparam logic [1:0] RESP_SLVERR = 2'b10;

  typedef enum logic [1:0] {IDLE, ACCESS, RESPOND} state_t;

  // Each channel has one register; it is full from its handshake until the access is over.
  logic aw_full_q, w_full_q, ar_full_q;
  logic [15:0] awaddr_q, araddr_q;
  logic [31:0] wdata_q;
  logic [3:0] wstrb_q;

  state_t state_q;
  logic [2:0] count_q;
  logic allowed_q;

  wire write_waits = aw_full_q && w_full_q;
  // The kind of the last access loses when both wait.
  wire start_write = write_waits && !(ar_full_q && bus.writing);
  wire start_read = ar_full_q && !start_write;
  wire start = state_q == IDLE && (start_write || start_read);
  wire [15:0] address = start_write ? awaddr_q : araddr_q;
  wire allowed = address[1:0] == 2'b00 && (!start_write || wstrb_q == 4'b1111);

  wire sampled = state_q == ACCESS && count_q == 3'(LATENCY) && !bus.busy;
  wire write_over = axil.bvalid && axil.bready;
  wire read_over = axil.rvalid && axil.rready;
  wire answered = write_over || read_over;

  assign axil.awready = !aw_full_q && !hold;
  assign axil.wready = !w_full_q && !hold;
  assign axil.arready = !ar_full_q && !hold;

  always_ff @(posedge clk) begin
    if (axil.awvalid && axil.awready) awaddr_q <= axil.aw.addr;
    if (axil.wvalid && axil.wready) begin
      wdata_q <= axil.w.data;
      wstrb_q <= axil.w.strb;
    end
    if (axil.arvalid && axil.arready) araddr_q <= axil.ar.addr;
    if (rst) begin
      aw_full_q <= 1'b0;
      w_full_q <= 1'b0;
      ar_full_q <= 1'b0;
    end else begin
      aw_full_q <= !write_over && (aw_full_q || (axil.awvalid && axil.awready));
      w_full_q <= !write_over && (w_full_q || (axil.wvalid && axil.wready));
      ar_full_q <= !read_over && (ar_full_q || (axil.arvalid && axil.arready));
    end
  end

  always_ff @(posedge clk) begin
    bus.write <= 1'b0;
    bus.read <= 1'b0;
    if (rst) begin
      state_q <= IDLE;
      count_q <= 3'd0;
      allowed_q <= 1'b0;
      bus.writing <= 1'b0;
      bus.address <= 16'h0;
      bus.wdata <= 32'h0;
    end else begin
      case (state_q)
        IDLE: begin
          count_q <= 3'd0;
          if (start) begin
            state_q <= ACCESS;
            bus.write <= start_write && allowed;
            bus.read <= start_read && allowed;
            bus.writing <= start_write;
            bus.address <= address;
            bus.wdata <= wdata_q;
            allowed_q <= allowed;
          end
        end
        ACCESS: begin
          if (count_q != 3'(LATENCY)) count_q <= count_q + 3'd1;
          if (sampled) state_q <= RESPOND;
        end
        default: if (answered) state_q <= IDLE;
      endcase
    end
  end

  wire good = allowed_q && bus.hit;

  always_ff @(posedge clk) begin
    if (rst) begin
      axil.bvalid <= 1'b0;
      axil.rvalid <= 1'b0;
      axil.b <= '{resp: RESP_OKAY};
      axil.r <= '{resp: RESP_OKAY, data: 32'h0};
    end else if (sampled) begin
      axil.bvalid <= bus.writing;
      axil.rvalid <= !bus.writing;
      axil.b <= '{resp: good ? RESP_OKAY : RESP_SLVERR};
      axil.r <= '{resp: good ? RESP_OKAY : RESP_SLVERR, data: good ? bus.rdata : 32'h0};
    end else if (answered) begin
      axil.bvalid <= 1'b0;
      axil.rvalid <= 1'b0;
    end
  end

endmodule

`default_nettype wire
