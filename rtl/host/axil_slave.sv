// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite slave in front of the register bus: one access at a time, reads and writes in turn when both wait.
//
// hold   nothing is accepted while 1 (tables behind the bus are being cleared after reset; 1 during reset)
// bus    bus_write or bus_read is 1 for one cycle; bus_address, bus_wdata and bus_writing (1: this is a write) are stable from
//        that cycle until the access is over. LATENCY cycles later, and not before bus_wait is 0, bus_hit (the register exists and
//        allows this access) and bus_rdata are taken. Without bus_hit the answer is SLVERR.
//
// Refused with SLVERR and without any effect (AXI4 section A3.4.4): addresses that are not a multiple of 4, and writes whose
// strobes are not all ones.
`default_nettype none

module axil_slave #(
    parameter int unsigned LATENCY = 4
) (
    input  wire         clk,
    input  wire         rst,
    input  wire         hold,

    input  wire  [15:0] s_axil_awaddr,
    input  wire         s_axil_awvalid,
    output logic        s_axil_awready,
    input  wire  [31:0] s_axil_wdata,
    input  wire  [ 3:0] s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output logic        s_axil_wready,
    output logic [ 1:0] s_axil_bresp,
    output logic        s_axil_bvalid,
    input  wire         s_axil_bready,
    input  wire  [15:0] s_axil_araddr,
    input  wire         s_axil_arvalid,
    output logic        s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [ 1:0] s_axil_rresp,
    output logic        s_axil_rvalid,
    input  wire         s_axil_rready,

    output logic        bus_write,
    output logic        bus_read,
    output logic        bus_writing,
    output logic [15:0] bus_address,
    output logic [31:0] bus_wdata,
    input  wire  [31:0] bus_rdata,
    input  wire         bus_hit,
    input  wire         bus_wait
);
  localparam logic [1:0] RESP_OKAY = 2'b00;
  localparam logic [1:0] RESP_SLVERR = 2'b10;

  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] ACCESS = 2'd1;
  localparam logic [1:0] RESPOND = 2'd2;

  // Each channel has one register; it is full from its handshake until the access is over.
  logic aw_full_q, w_full_q, ar_full_q;
  logic [15:0] awaddr_q, araddr_q;
  logic [31:0] wdata_q;
  logic [3:0] wstrb_q;

  logic [1:0] state_q;
  logic [2:0] count_q;
  logic allowed_q;

  wire write_waits = aw_full_q && w_full_q;
  // The kind of the last access loses when both wait.
  wire start_write = write_waits && !(ar_full_q && bus_writing);
  wire start_read = ar_full_q && !start_write;
  wire start = state_q == IDLE && (start_write || start_read);
  wire [15:0] address = start_write ? awaddr_q : araddr_q;
  wire allowed = address[1:0] == 2'b00 && (!start_write || wstrb_q == 4'b1111);

  wire sampled = state_q == ACCESS && count_q == 3'(LATENCY) && !bus_wait;
  wire answered = (s_axil_bvalid && s_axil_bready) || (s_axil_rvalid && s_axil_rready);
  wire write_over = s_axil_bvalid && s_axil_bready;
  wire read_over = s_axil_rvalid && s_axil_rready;

  assign s_axil_awready = !aw_full_q && !hold;
  assign s_axil_wready = !w_full_q && !hold;
  assign s_axil_arready = !ar_full_q && !hold;

  always_ff @(posedge clk) begin
    if (s_axil_awvalid && s_axil_awready) begin
      awaddr_q <= s_axil_awaddr;
    end
    if (s_axil_wvalid && s_axil_wready) begin
      wdata_q <= s_axil_wdata;
      wstrb_q <= s_axil_wstrb;
    end
    if (s_axil_arvalid && s_axil_arready) begin
      araddr_q <= s_axil_araddr;
    end
    if (rst) begin
      aw_full_q <= 1'b0;
      w_full_q <= 1'b0;
      ar_full_q <= 1'b0;
    end else begin
      aw_full_q <= write_over ? 1'b0 : (aw_full_q || (s_axil_awvalid && s_axil_awready));
      w_full_q <= write_over ? 1'b0 : (w_full_q || (s_axil_wvalid && s_axil_wready));
      ar_full_q <= read_over ? 1'b0 : (ar_full_q || (s_axil_arvalid && s_axil_arready));
    end
  end

  always_ff @(posedge clk) begin
    bus_write <= 1'b0;
    bus_read <= 1'b0;
    if (rst) begin
      state_q <= IDLE;
      count_q <= 3'd0;
      allowed_q <= 1'b0;
      bus_writing <= 1'b0;
      bus_address <= 16'h0;
      bus_wdata <= 32'h0;
    end else begin
      case (state_q)
        IDLE: begin
          count_q <= 3'd0;
          if (start) begin
            state_q <= ACCESS;
            bus_write <= start_write && allowed;
            bus_read <= start_read && allowed;
            bus_writing <= start_write;
            bus_address <= address;
            bus_wdata <= wdata_q;
            allowed_q <= allowed;
          end
        end
        ACCESS: begin
          if (count_q != 3'(LATENCY)) begin
            count_q <= count_q + 3'd1;
          end
          if (sampled) begin
            state_q <= RESPOND;
          end
        end
        default: begin
          if (answered) begin
            state_q <= IDLE;
          end
        end
      endcase
    end
  end

  wire good = allowed_q && bus_hit;

  always_ff @(posedge clk) begin
    if (rst) begin
      s_axil_bvalid <= 1'b0;
      s_axil_rvalid <= 1'b0;
      s_axil_bresp <= RESP_OKAY;
      s_axil_rresp <= RESP_OKAY;
      s_axil_rdata <= 32'h0;
    end else if (sampled) begin
      s_axil_bvalid <= bus_writing;
      s_axil_rvalid <= !bus_writing;
      s_axil_bresp <= good ? RESP_OKAY : RESP_SLVERR;
      s_axil_rresp <= good ? RESP_OKAY : RESP_SLVERR;
      s_axil_rdata <= good ? bus_rdata : 32'h0;
    end else if (answered) begin
      s_axil_bvalid <= 1'b0;
      s_axil_rvalid <= 1'b0;
    end
  end

endmodule

`default_nettype wire
