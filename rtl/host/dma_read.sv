// SPDX-License-Identifier: Apache-2.0
// Reads from host memory for several requesters, one request at a time, requester 0 first.
//
// A request of up to 255 beats of 64 bytes becomes bursts that end at 1 KiB boundaries: at most 16 beats, never across 4 KiB
// (AXI4 section A3.4.1). All bursts are issued without waiting for data; a requester has room for all it asks for.
//
// stop     no request is accepted (one that has been accepted is finished)
// request  of requester r: request_address[64*r +: 64] (bytes, a multiple of 64), request_beats[8*r +: 8] (at least 1); may be withdrawn
// data     beats in order, data_valid[r] with the number of the requester; no back-pressure
// done     one cycle after all beats; done_failed: at least one beat came with an error, the beats mean nothing. No further burst is
//          issued after the first error.
// error    one cycle for the first error of a request, with AXI response and address of the beat
`include "sapulse_assert.svh"

`default_nettype none

module dma_read #(
    parameter int unsigned REQUESTERS = 2
) (
    input  wire                      clk,
    input  wire                      rst,
    input  wire                      stop,
    output logic                     busy,

    input  wire  [   REQUESTERS-1:0] request_valid,
    output logic [   REQUESTERS-1:0] request_ready,
    input  wire  [64*REQUESTERS-1:0] request_address,
    input  wire  [ 8*REQUESTERS-1:0] request_beats,
    output logic [   REQUESTERS-1:0] data_valid,
    output logic [            511:0] data,
    output logic [   REQUESTERS-1:0] done,
    output logic                     done_failed,

    output logic                     error,
    output logic [              1:0] error_response,
    output logic [             63:0] error_address,

    output logic [             63:0] m_axi_araddr,
    output logic [              7:0] m_axi_arlen,
    output logic                     m_axi_arvalid,
    input  wire                      m_axi_arready,
    input  wire  [            511:0] m_axi_rdata,
    input  wire  [              1:0] m_axi_rresp,
    input  wire                      m_axi_rvalid,
    output logic                     m_axi_rready
);
  // Bit 1 of a response: SLVERR or DECERR.
  localparam int unsigned RESP_ERROR = 1;

  logic active_q, failed_q;
  logic [REQUESTERS-1:0] owner_q;  // one-hot
  logic [57:0] issue_q, receive_q;  // next address to issue and to receive, in beats
  logic [7:0] issue_left_q;
  logic [7:0] outstanding_q;  // beats issued and not received

  logic [REQUESTERS-1:0] grant;
  logic [63:0] granted_address;
  logic [7:0] granted_beats;

  always_comb begin
    grant = '0;
    granted_address = 64'h0;
    granted_beats = 8'h0;
    for (int r = REQUESTERS - 1; r >= 0; r--) begin
      if (request_valid[r]) begin
        grant = '0;
        grant[r] = 1'b1;
        granted_address = request_address[64*r+:64];
        granted_beats = request_beats[8*r+:8];
      end
    end
  end

  wire accept = !active_q && !stop && |request_valid;
  assign request_ready = accept ? grant : '0;
  assign busy = active_q;

  wire [7:0] to_boundary = 8'd16 - {4'h0, issue_q[3:0]};
  wire [7:0] burst = issue_left_q < to_boundary ? issue_left_q : to_boundary;
  wire issue = active_q && !m_axi_arvalid && issue_left_q != 8'd0 && !failed_q;
  wire receive = m_axi_rvalid && m_axi_rready;
  wire bad_beat = receive && m_axi_rresp[RESP_ERROR];
  wire finished = active_q && !m_axi_arvalid && outstanding_q == 8'd0 && (issue_left_q == 8'd0 || failed_q);

  assign m_axi_rready = active_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      active_q <= 1'b0;
      failed_q <= 1'b0;
      owner_q <= '0;
      issue_left_q <= 8'd0;
      outstanding_q <= 8'd0;
      m_axi_arvalid <= 1'b0;
    end else if (accept) begin
      active_q <= 1'b1;
      failed_q <= 1'b0;
      owner_q <= grant;
      issue_left_q <= granted_beats;
    end else begin
      active_q <= active_q && !finished;
      failed_q <= failed_q || bad_beat;
      issue_left_q <= issue ? issue_left_q - burst : issue_left_q;
      outstanding_q <= outstanding_q + (issue ? burst : 8'd0) - {7'h0, receive};
      m_axi_arvalid <= issue || (m_axi_arvalid && !m_axi_arready);
    end
  end

  always_ff @(posedge clk) begin
    if (accept) begin
      issue_q <= granted_address[63:6];
      receive_q <= granted_address[63:6];
    end else begin
      issue_q <= issue ? issue_q + 58'(burst) : issue_q;
      receive_q <= receive ? receive_q + 58'd1 : receive_q;
    end
    if (issue) begin
      m_axi_araddr <= {issue_q, 6'h0};
      m_axi_arlen <= burst - 8'd1;
    end
  end

  always_ff @(posedge clk) begin
    data <= m_axi_rdata;
    data_valid <= (receive && !rst) ? owner_q : '0;
    done <= (finished && !rst) ? owner_q : '0;
    done_failed <= failed_q;
    error <= bad_beat && !failed_q && !rst;
    error_response <= m_axi_rresp;
    error_address <= {receive_q, 6'h0};
  end

  logic unused;
  always_comb begin
    unused = ^granted_address[5:0] ^ m_axi_rresp[0];
  end

  `SAPULSE_ASSERT(clk, rst, !accept || granted_beats != 8'd0, "request without beats")
  `SAPULSE_ASSERT(clk, rst, !accept || granted_address[5:0] == 6'h0, "request not aligned to 64 bytes")
  `SAPULSE_ASSERT(clk, rst, !receive || outstanding_q != 8'd0, "read data that nobody asked for")

endmodule

`default_nettype wire
