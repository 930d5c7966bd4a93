// SPDX-License-Identifier: Apache-2.0
// Writes to host memory for several requesters, one burst at a time, in turn. The next burst starts after the response to the
// last one, so what is written later is visible later.
//
// stop     no request is accepted (one that has been accepted is finished)
// request  of requester r: request_address[64*r +: 64] (bytes, a multiple of 64), request_beats[5*r +: 5] (1..16), all inside one
//          block of 1 KiB; may be withdrawn
// data     data[512*r +: 512] is the next beat of requester r, there as soon as its request is accepted; data_take[r] moves on
// done     one cycle, after the write response; done_failed: the response was an error
// error    one cycle for each failed burst, with AXI response and address of the burst
`include "sapulse_assert.svh"

`default_nettype none

module dma_write #(
    parameter int unsigned REQUESTERS = 3
) (
    input  wire                       clk,
    input  wire                       rst,
    input  wire                       stop,
    output logic                      busy,

    input  wire  [    REQUESTERS-1:0] request_valid,
    output logic [    REQUESTERS-1:0] request_ready,
    input  wire  [ 64*REQUESTERS-1:0] request_address,
    input  wire  [  5*REQUESTERS-1:0] request_beats,
    input  wire  [512*REQUESTERS-1:0] data,
    output logic [    REQUESTERS-1:0] data_take,
    output logic [    REQUESTERS-1:0] done,
    output logic                      done_failed,

    output logic                      error,
    output logic [               1:0] error_response,
    output logic [              63:0] error_address,

    output logic [              63:0] m_axi_awaddr,
    output logic [               7:0] m_axi_awlen,
    output logic                      m_axi_awvalid,
    input  wire                       m_axi_awready,
    output logic [             511:0] m_axi_wdata,
    output logic                      m_axi_wlast,
    output logic                      m_axi_wvalid,
    input  wire                       m_axi_wready,
    input  wire  [               1:0] m_axi_bresp,
    input  wire                       m_axi_bvalid,
    output logic                      m_axi_bready
);
  // Bit 1 of a response: SLVERR or DECERR.
  localparam int unsigned RESP_ERROR = 1;
  localparam int unsigned INDEX_W = $clog2(REQUESTERS);

  logic active_q;
  logic [INDEX_W-1:0] owner_q;  // of this burst, or of the last one
  logic [4:0] left_q;  // beats that have not been taken yet

  // The requester after the last owner has the highest priority.
  logic [INDEX_W-1:0] choice, candidate;
  always_comb begin
    choice = owner_q;
    candidate = owner_q;
    for (int i = 0; i < REQUESTERS; i++) begin
      if (request_valid[candidate]) begin
        choice = candidate;
      end
      candidate = (candidate == '0) ? INDEX_W'(REQUESTERS - 1) : candidate - 1'b1;
    end
  end

  wire accept = !active_q && !stop && |request_valid;
  wire take = active_q && left_q != 5'd0 && (!m_axi_wvalid || m_axi_wready);
  wire respond = m_axi_bvalid && m_axi_bready;
  wire [63:0] address = request_address[64*choice+:64];
  wire [4:0] beats = request_beats[5*choice+:5];

  for (genvar r = 0; r < REQUESTERS; r++) begin : g_requester
    assign request_ready[r] = accept && choice == INDEX_W'(r);
    assign data_take[r] = take && owner_q == INDEX_W'(r);
    always_ff @(posedge clk) begin
      done[r] <= respond && owner_q == INDEX_W'(r) && !rst;
    end
  end
  assign busy = active_q;
  assign m_axi_bready = active_q && left_q == 5'd0 && !m_axi_awvalid && !m_axi_wvalid;

  always_ff @(posedge clk) begin
    if (rst) begin
      active_q <= 1'b0;
      owner_q <= '0;
      left_q <= 5'd0;
      m_axi_awvalid <= 1'b0;
      m_axi_wvalid <= 1'b0;
    end else begin
      if (accept) begin
        active_q <= 1'b1;
        owner_q <= choice;
        left_q <= beats;
      end else begin
        active_q <= active_q && !respond;
        left_q <= left_q - {4'h0, take};
      end
      m_axi_awvalid <= accept || (m_axi_awvalid && !m_axi_awready);
      m_axi_wvalid <= take || (m_axi_wvalid && !m_axi_wready);
    end
  end

  always_ff @(posedge clk) begin
    if (accept) begin
      m_axi_awaddr <= address;
      m_axi_awlen <= {3'h0, beats} - 8'd1;
    end
    if (take) begin
      m_axi_wdata <= data[512*owner_q+:512];
      m_axi_wlast <= left_q == 5'd1;
    end
    done_failed <= m_axi_bresp[RESP_ERROR];
    error <= respond && m_axi_bresp[RESP_ERROR] && !rst;
    error_response <= m_axi_bresp;
    error_address <= m_axi_awaddr;
  end

  `SAPULSE_ASSERT(clk, rst, !accept || (beats >= 5'd1 && beats <= 5'd16), "request of 0 or more than 16 beats")
  `SAPULSE_ASSERT(clk, rst, !accept || address[5:0] == 6'h0, "request not aligned to 64 bytes")
  `SAPULSE_ASSERT(clk, rst, !accept || 5'(address[9:6]) + beats <= 5'd16, "burst crosses 1 KiB")

endmodule

`default_nettype wire
