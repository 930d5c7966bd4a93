// SPDX-License-Identifier: Apache-2.0
// Hands events to the event ring, one at a time (the ring fills in their field count).
//
// ping_event: events of the ping table, first, then fault_event; their time is that at which they are taken. probe_event: those of
//   the prober. All are ready only when the ring has room.
// event_full: no event is under way and the ring has no room. now: clock, ns.
`default_nettype none

module event_writer (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    stream_if.sink ping_event,   // event_t
    stream_if.sink fault_event,  // event_t
    stream_if.sink probe_event,  // event_t
    output logic   event_full,

    ring_entry_if.source events
);

  localparam int unsigned BEATS = sapulse_pkg::EVENT_BYTES / sapulse_pkg::BEAT_BYTES;
  if (BEATS < 2 || BEATS * sapulse_pkg::BEAT_BYTES != sapulse_pkg::EVENT_BYTES) begin : g_layout
    $error("event_writer: an event is at least two beats, and whole ones");
  end

  logic [$clog2(BEATS)-1:0] index;
  sapulse_pkg::event_t slot;
  logic [BEATS-1:0][8*sapulse_pkg::BEAT_BYTES-1:0] beats;

  assign ping_event.ready = !events.valid && events.room;
  assign fault_event.ready = ping_event.ready && !ping_event.valid;
  assign probe_event.ready = fault_event.ready && !fault_event.valid;
  assign event_full = !events.valid && !events.room;

  always_ff @(posedge clk) begin
    if (ping_event.ready && (ping_event.valid || fault_event.valid || probe_event.valid)) begin
      slot <= ping_event.valid ? ping_event.data : fault_event.valid ? fault_event.data : probe_event.data;
      if (ping_event.valid || fault_event.valid) slot.time_ns <= now;
      events.valid <= 1'b1;
      index <= '0;
    end else if (events.valid && events.ready) begin
      index <= index + 1'b1;
      events.valid <= !events.beat.last;
    end
    if (rst) events.valid <= 1'b0;
  end

  assign beats = slot;
  assign events.beat = '{last: 32'(index) == BEATS - 1, data: beats[index]};

endmodule

`default_nettype wire
