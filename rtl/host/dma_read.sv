// SPDX-License-Identifier: Apache-2.0
// Reads from host memory for several requesters, one request at a time, requester 0 first.
//
// A request becomes bursts that end at multiples of host_pkg::BURST_BYTES. All are issued without waiting for data, but none after
// the first error.
//
// stop   no request is accepted (one that has been accepted is finished)
// error  for the first bad beat of a request
// ar, r  channels of the host bus
`include "sapulse_assert.svh"

`default_nettype none

module dma_read #(
    parameter int unsigned REQUESTERS = 2
) (
    input  wire  clk,
    input  wire  rst,
    input  wire  stop,
    output logic busy,

    dma_read_if.server           request[REQUESTERS],
    output host_pkg::dma_error_t error,

    stream_if.source ar,  // burst_t
    stream_if.sink   r    // read_beat_t
);
  import host_pkg::*;

  // Bit 1 of a response: SLVERR or DECERR.
  localparam int unsigned RESP_ERROR = 1;

  logic active_q, failed_q, done_failed_q;
  logic [REQUESTERS-1:0] owner_q;  // one-hot
  logic [63:BEAT_SHIFT] issue_q, receive_q;  // next beat to issue and to receive
  read_beats_t issue_left_q, outstanding_q;  // beats to issue; issued and not received

  logic [REQUESTERS-1:0] valid, grant, data_valid_q, done_q;
  logic [REQUESTERS-1:0][63:0] addresses;
  read_beats_t [REQUESTERS-1:0] lengths;
  logic [63:0] granted_address;
  read_beats_t granted_beats;
  beat_t data_q;

  wire accept = !active_q && !stop && |valid;

  for (genvar i = 0; i < REQUESTERS; i++) begin : g_request
    assign valid[i] = request[i].valid;
    assign addresses[i] = request[i].address;
    assign lengths[i] = request[i].beats;
    assign request[i].ready = accept && grant[i];
    assign request[i].data_valid = data_valid_q[i];
    assign request[i].data = data_q;
    assign request[i].done = done_q[i];
    assign request[i].failed = done_failed_q;
  end

  always_comb begin
    grant = '0;
    granted_address = '0;
    granted_beats = '0;
    for (int i = REQUESTERS - 1; i >= 0; i--) begin
      if (valid[i]) begin
        grant = '0;
        grant[i] = 1'b1;
        granted_address = addresses[i];
        granted_beats = lengths[i];
      end
    end
  end

  assign busy = active_q;

  read_beats_t to_boundary, burst;
  assign to_boundary = read_beats_t'(BURST_BEATS) - read_beats_t'(issue_q[BEAT_SHIFT+:BURST_SHIFT]);
  assign burst = issue_left_q < to_boundary ? issue_left_q : to_boundary;
  wire issue = active_q && !ar.valid && issue_left_q != '0 && !failed_q;
  wire receive = r.valid && r.ready;
  wire bad_beat = receive && r.data.resp[RESP_ERROR];
  wire finished = active_q && !ar.valid && outstanding_q == '0 && (issue_left_q == '0 || failed_q);

  assign r.ready = active_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      active_q <= 1'b0;
      failed_q <= 1'b0;
      owner_q <= '0;
      issue_left_q <= '0;
      outstanding_q <= '0;
      ar.valid <= 1'b0;
    end else if (accept) begin
      active_q <= 1'b1;
      failed_q <= 1'b0;
      owner_q <= grant;
      issue_left_q <= granted_beats;
    end else begin
      active_q <= active_q && !finished;
      failed_q <= failed_q || bad_beat;
      issue_left_q <= issue ? issue_left_q - burst : issue_left_q;
      outstanding_q <= outstanding_q + (issue ? burst : '0) - read_beats_t'(receive);
      ar.valid <= issue || (ar.valid && !ar.ready);
    end
  end

  always_ff @(posedge clk) begin
    if (accept) begin
      issue_q <= granted_address[63:BEAT_SHIFT];
      receive_q <= granted_address[63:BEAT_SHIFT];
    end else begin
      issue_q <= issue ? issue_q + (64 - BEAT_SHIFT)'(burst) : issue_q;
      receive_q <= receive ? receive_q + 1'b1 : receive_q;
    end
    if (issue) ar.data <= '{len: 8'(burst - 1'b1), addr: 64'(issue_q) << BEAT_SHIFT};
  end

  always_ff @(posedge clk) begin
    data_q <= receive ? r.data.data : '0;  // what has been read may be a key, and does not stay here
    data_valid_q <= (receive && !rst) ? owner_q : '0;
    done_q <= (finished && !rst) ? owner_q : '0;
    done_failed_q <= failed_q;
    error <= '{
      valid: bad_beat && !failed_q && !rst, was_write: 1'b0, response: r.data.resp, address: 64'(receive_q) << BEAT_SHIFT
    };
  end

  wire unused = &{1'b0, granted_address[BEAT_SHIFT-1:0]};

  `SAPULSE_ASSERT(clk, rst, !accept || granted_beats != '0, "request without beats")
  `SAPULSE_ASSERT(clk, rst, !accept || granted_address[BEAT_SHIFT-1:0] == '0, "request not aligned to a beat")
  `SAPULSE_ASSERT(clk, rst, !receive || outstanding_q != '0, "read data that nobody asked for")

endmodule

`default_nettype wire
