// SPDX-License-Identifier: Apache-2.0
// Hands events to the event ring, one at a time: two beats each (layout `event` in registers.yaml, field count left 0).
//
// ping_*: events of the ping table, first; probe_*: those of the prober, made at probe_made; valid/ready, ready only when the ring has room.
// full: no event is under way and the ring has no room. evt_*: see host_interface; now: clock, becomes the field time of pings.
`default_nettype none

module event_writer (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    input  wire                   ping_valid,
    output logic                  ping_ready,
    input  requester_pkg::event_t ping,
    input  wire                   probe_valid,
    output logic                  probe_ready,
    input  requester_pkg::event_t probe,
    input  wire  [63:0]           probe_made,
    output logic                  full,

    input  wire          evt_room,
    output logic         evt_valid,
    input  wire          evt_ready,
    output logic [511:0] evt_data,
    output logic         evt_last
);

  localparam int unsigned EVENT_BITS = 8 * sapulse_pkg::EVENT_BYTES;
  if (EVENT_BITS != 2 * 512) begin : g_layout
    $error("event_writer: an event is two beats");
  end

  logic second, take;
  requester_pkg::event_t chosen, slot;
  logic [63:0] made;
  logic [EVENT_BITS-1:0] image;

  assign ping_ready = !evt_valid && evt_room;
  assign probe_ready = ping_ready && !ping_valid;
  assign full = !evt_valid && !evt_room;
  assign take = ping_ready && (ping_valid || probe_valid);
  assign chosen = ping_valid ? ping : probe;

  always_ff @(posedge clk) begin
    if (take) begin
      slot <= chosen;
      made <= ping_valid ? now : probe_made;
      evt_valid <= 1'b1;
      second <= 1'b0;
    end else if (evt_valid && evt_ready) begin
      second <= 1'b1;
      evt_valid <= !second;
    end
    if (rst) evt_valid <= 1'b0;
  end

  always_comb begin
    image = '0;
    image[sapulse_pkg::DESC_EVENT_KIND_LSB+:8] = slot.kind;
    image[sapulse_pkg::DESC_EVENT_FLAGS_LSB+:8] = slot.flags;
    image[sapulse_pkg::DESC_EVENT_STATE_LSB+:3] = slot.state;
    image[sapulse_pkg::DESC_EVENT_PREVIOUS_LSB+:3] = slot.previous;
    image[sapulse_pkg::DESC_EVENT_SA_LSB+:16] = slot.sa;
    image[sapulse_pkg::DESC_EVENT_COOKIE_LSB+:32] = slot.cookie;
    image[sapulse_pkg::DESC_EVENT_TRANSACTION_LSB+:32] = slot.transaction;
    image[sapulse_pkg::DESC_EVENT_TIME_LSB+:64] = made;
    image[sapulse_pkg::DESC_EVENT_T_ORIGIN_LSB+:64] = slot.t_origin;
    image[sapulse_pkg::DESC_EVENT_T_ARRIVAL_LSB+:64] = slot.t_arrival;
    image[sapulse_pkg::DESC_EVENT_T_RECEIVE_LSB+:64] = slot.t_receive;
    image[sapulse_pkg::DESC_EVENT_T_TRANSMIT_LSB+:64] = slot.t_transmit;
    image[sapulse_pkg::DESC_EVENT_N_LSB+:64] = slot.n;
    image[sapulse_pkg::DESC_EVENT_DATA_SEQUENCE_LSB+:32] = slot.data_sequence;
    image[sapulse_pkg::DESC_EVENT_FRAME_LENGTH_LSB+:16] = slot.frame_length;
    image[sapulse_pkg::DESC_EVENT_RTT_LSB+:32] = slot.rtt;
    image[sapulse_pkg::DESC_EVENT_HEARD_LSB+:32] = slot.heard;
    image[sapulse_pkg::DESC_EVENT_PROBES_LSB+:32] = slot.probes;
    image[sapulse_pkg::DESC_EVENT_REPLIES_LSB+:32] = slot.replies;
    image[sapulse_pkg::DESC_EVENT_TOKEN_LSB+:128] = slot.token;
  end
  assign evt_data = second ? image[1023:512] : image[511:0];
  assign evt_last = second;

endmodule

`default_nettype wire
