// SPDX-License-Identifier: Apache-2.0
// event_writer with events that are made of their cookies.
`default_nettype none

module event_writer_bench (
    input  wire         clk,
    input  wire         rst,
    input  wire  [63:0] now,
    input  wire         ping_valid,
    output logic        ping_ready,
    input  wire  [31:0] ping_cookie,
    input  wire         fault_valid,
    output logic        fault_ready,
    input  wire  [31:0] fault_cookie,
    input  wire         probe_valid,
    output logic        probe_ready,
    input  wire  [31:0] probe_cookie,
    input  wire  [63:0] probe_made,
    output logic        full,
    input  wire         evt_room,
    output logic        evt_valid,
    input  wire         evt_ready,
    output logic [511:0] evt_data,
    output logic        evt_last
);

  // Every member is made of the cookie, in a way of its own, but for the time.
  function automatic sapulse_pkg::event_t event_of(input logic [31:0] cookie);
    event_of = '0;
    event_of.kind = cookie[7:0];
    event_of.flags = cookie[15:8];
    event_of.state = 8'(cookie[2:0]);
    event_of.previous = 8'(cookie[5:3]);
    event_of.sa = 32'(cookie[31:16]);
    event_of.cookie = cookie;
    event_of.transaction = ~cookie;
    event_of.time_ns = probe_made;
    event_of.t_origin = {cookie, 32'd1};
    event_of.t_arrival = {cookie, 32'd2};
    event_of.t_receive = {cookie, 32'd3};
    event_of.t_transmit = {cookie, 32'd4};
    event_of.n = {cookie, 32'd5};
    event_of.data_sequence = cookie ^ 32'd6;
    event_of.frame_length = cookie[15:0] ^ 16'd7;
    event_of.sa_table = cookie[7:0];
    event_of.rtt = cookie ^ 32'd8;
    event_of.heard = cookie ^ 32'd9;
    event_of.probes = cookie ^ 32'd10;
    event_of.replies = cookie ^ 32'd11;
    event_of.entry = cookie ^ 32'd14;
    event_of.token = {4{cookie ^ 32'd12}};
    event_of.token_nonce = {2{cookie ^ 32'd13}};
  endfunction

  stream_if #(sapulse_pkg::event_t) ping_event (), fault_event (), probe_event ();
  ring_entry_if events ();

  assign ping_event.valid = ping_valid;
  assign ping_ready = ping_event.ready;
  assign ping_event.data = event_of(ping_cookie);
  assign fault_event.valid = fault_valid;
  assign fault_ready = fault_event.ready;
  assign fault_event.data = event_of(fault_cookie);
  assign probe_event.valid = probe_valid;
  assign probe_ready = probe_event.ready;
  assign probe_event.data = event_of(probe_cookie);

  assign events.room = evt_room;
  assign evt_valid = events.valid;
  assign events.ready = evt_ready;
  assign {evt_last, evt_data} = events.beat;

  event_writer u_dut (
      .clk, .rst, .now,
      .ping_event, .fault_event, .probe_event,
      .event_full(full),
      .events
  );

endmodule

`default_nettype wire
