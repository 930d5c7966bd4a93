// SPDX-License-Identifier: Apache-2.0
// Brings sealed packets and clear echoes into one order and feeds header and assemble with them.
//
// A packet is chosen when its first beat has arrived and its header job is there; the sources take turns when both have one. Its header
// job goes to the kernel header at once, its beats and its ICV follow in the order of the choices.
// sealed_*, echo_*: payload beats {last, data}; *_header_*: header job and answer_t, one per packet; icv_*: ICVs of sealed packets.
// out_*: the same for assemble and header. answer_*: one per packet in the order of the frames. All valid/ready.
`default_nettype none
`include "sapulse_assert.svh"

module reply_mux #(
    parameter int unsigned SEALED_BEATS = 64,  // beats that wait for the ICV of the packet in front of them, at least 32
    parameter int unsigned ECHO_BEATS = 64,    // beats that arrive while a sealed packet leaves
    parameter int unsigned ORDERS = 16         // packets chosen whose ICV has not been delivered
) (
    input wire clk,
    input wire rst,

    input  wire                          sealed_valid,
    output logic                         sealed_ready,
    input  sapulse_pkg::payload_beat sealed,
    input  wire                          sealed_header_valid,
    output logic                         sealed_header_ready,
    input  sapulse_pkg::header_job sealed_header,
    input  datapath_pkg::answer_t        sealed_answer,
    input  wire                          sealed_icv_valid,
    output logic                         sealed_icv_ready,
    input  sapulse_pkg::icv_t      sealed_icv,

    input  wire                          echo_valid,
    output logic                         echo_ready,
    input  sapulse_pkg::payload_beat echo,
    input  wire                          echo_header_valid,
    output logic                         echo_header_ready,
    input  sapulse_pkg::header_job echo_header,
    input  datapath_pkg::answer_t        echo_answer,

    output logic                           header_valid,
    input  wire                            header_ready,
    output sapulse_pkg::header_job   header,
    output logic                           payload_valid,
    input  wire                            payload_ready,
    output sapulse_pkg::payload_beat payload,
    output logic                           icv_valid,
    input  wire                            icv_ready,
    output sapulse_pkg::icv_t        icv,
    output logic                           answer_valid,
    input  wire                            answer_ready,
    output datapath_pkg::answer_t          answer
);

  logic choose_sealed, choose_echo, choice;
  logic sealed_waits, echo_waits;
  logic sealed_beat_valid, sealed_beat_ready, echo_beat_valid, echo_beat_ready;
  sapulse_pkg::payload_beat sealed_beat, echo_beat;

  frame_waits #(
      .WIDTH($bits(sealed)),
      .DEPTH(SEALED_BEATS)
  ) u_sealed (
      .clk,
      .rst,
      .in_valid(sealed_valid),
      .in_ready(sealed_ready),
      .in_last(sealed.last),
      .in_data(sealed),
      .out_valid(sealed_beat_valid),
      .out_ready(sealed_beat_ready),
      .out_data(sealed_beat),
      .waits(sealed_waits),
      .chosen(choose_sealed)
  );
  frame_waits #(
      .WIDTH($bits(echo)),
      .DEPTH(ECHO_BEATS)
  ) u_echo (
      .clk,
      .rst,
      .in_valid(echo_valid),
      .in_ready(echo_ready),
      .in_last(echo.last),
      .in_data(echo),
      .out_valid(echo_beat_valid),
      .out_ready(echo_beat_ready),
      .out_data(echo_beat),
      .waits(echo_waits),
      .chosen(choose_echo)
  );

  // Choice.
  logic sealed_can, echo_can, echo_turn, choose, payload_order_ready, icv_order_ready, header_room;

  assign sealed_can = sealed_waits && sealed_header_valid;
  assign echo_can = echo_waits && echo_header_valid;
  assign choice = echo_can && (echo_turn || !sealed_can);
  assign choose = (sealed_can || echo_can) && header_room && answer_ready && payload_order_ready && icv_order_ready;
  assign choose_sealed = choose && !choice;
  assign choose_echo = choose && choice;
  assign sealed_header_ready = choose_sealed;
  assign echo_header_ready = choose_echo;
  assign answer_valid = choose;
  assign answer = choice ? echo_answer : sealed_answer;

  always_ff @(posedge clk) begin
    if (choose) echo_turn <= !choice;
    if (rst) echo_turn <= 1'b0;
  end

  // A kernel is ready only when it has been offered something; a FIFO in front of it has room before that.
  sync_fifo #(
      .WIDTH($bits(header)),
      .DEPTH(2)
  ) u_headers (
      .clk,
      .rst,
      .in_valid(choose),
      .in_ready(header_room),
      .in_data(choice ? echo_header : sealed_header),
      .out_valid(header_valid),
      .out_ready(header_ready),
      .out_data(header)
  );

  // Payload in the order of the choices.
  logic payload_order_valid, payload_is_echo;
  sync_fifo #(
      .WIDTH(1),
      .DEPTH(4)
  ) u_payload_order (
      .clk,
      .rst,
      .in_valid(choose),
      .in_ready(payload_order_ready),
      .in_data(choice),
      .out_valid(payload_order_valid),
      .out_ready(payload_valid && payload_ready && payload.last),
      .out_data(payload_is_echo)
  );
  assign payload_valid = payload_order_valid && (payload_is_echo ? echo_beat_valid : sealed_beat_valid);
  assign payload = payload_is_echo ? echo_beat : sealed_beat;
  assign sealed_beat_ready = payload_order_valid && !payload_is_echo && payload_ready;
  assign echo_beat_ready = payload_order_valid && payload_is_echo && payload_ready;

  // ICVs in the order of the choices; an echo has none.
  logic icv_order_valid, icv_is_echo;
  sync_fifo #(
      .WIDTH(1),
      .DEPTH(ORDERS)
  ) u_icv_order (
      .clk,
      .rst,
      .in_valid(choose),
      .in_ready(icv_order_ready),
      .in_data(choice),
      .out_valid(icv_order_valid),
      .out_ready(icv_valid && icv_ready),
      .out_data(icv_is_echo)
  );
  assign icv_valid = icv_order_valid && (icv_is_echo || sealed_icv_valid);
  assign icv.icv = icv_is_echo ? '0 : sealed_icv.icv;
  assign icv.present = !icv_is_echo;
  assign sealed_icv_ready = icv_order_valid && !icv_is_echo && icv_ready;

  `SAPULSE_ASSERT(clk, rst, !sealed_icv_valid || sealed_icv.present, "reply_mux: seal gave no ICV")

endmodule

`default_nettype wire
