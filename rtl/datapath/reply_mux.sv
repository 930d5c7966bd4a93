// SPDX-License-Identifier: Apache-2.0
// Brings sealed packets and clear echoes into one order and feeds header and assemble with them.
//
// A sealed packet is chosen when its header order is there, for its beats follow from seal for certain, and its header can be made
// meanwhile; an echo when its first beat has arrived, since align may keep it waiting for packets in front of it. The sources take
// turns when both have one. The header job goes to the kernel header at once, beats and ICV follow in the order of the choices.
// sealed, echo: beats of the packets; sealed_header, echo_header: one per packet; sealed_icv: ICVs of sealed packets.
// header_job, payload, icv: the same for header and assemble. answer: one per packet in the order of the frames.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module reply_mux #(
    parameter int unsigned SEALED_BEATS = 64,  // beats that wait for the ICV of the packet in front of them, at least 32
    parameter int unsigned ECHO_BEATS = 64,    // beats that arrive while a sealed packet leaves
    parameter int unsigned ORDERS = 16         // packets chosen whose ICV has not been delivered
) (
    input wire clk,
    input wire rst,

    stream_if.sink sealed,         // payload_beat
    stream_if.sink sealed_header,  // header_order_t
    stream_if.sink sealed_icv,     // icv_t
    stream_if.sink echo,           // payload_beat
    stream_if.sink echo_header,    // header_order_t

    stream_if.source header_job,  // header_job
    stream_if.source payload,     // payload_beat
    stream_if.source icv,         // icv_t
    stream_if.source answer,       // answer_t

    output logic fifo_fault
);

  logic [4:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  stream_if #(sapulse_pkg::payload_beat) sealed_beat (), echo_beat ();
  logic choose_sealed, choose_echo, echo_waits;

  sync_fifo #(.DEPTH(SEALED_BEATS)) u_sealed (.clk, .rst, .in(sealed), .out(sealed_beat), .fault(fifo_faults[0]));
  frame_waits #(
      .DEPTH(ECHO_BEATS)
  ) u_echo (.clk, .rst, .in(echo), .out(echo_beat), .waits(echo_waits), .chosen(choose_echo), .fifo_fault(fifo_faults[1]));

  // Choice; 1: an echo.
  stream_if #(logic) payload_order (), payload_is_echo (), icv_order (), icv_is_echo ();
  stream_if #(sapulse_pkg::header_job) new_header ();
  logic echo_can, echo_turn, choose, choice;

  assign echo_can = echo_waits && echo_header.valid;
  assign choice = echo_can && (echo_turn || !sealed_header.valid);
  assign choose = (sealed_header.valid || echo_can) && new_header.ready && answer.ready && payload_order.ready && icv_order.ready;
  assign choose_sealed = choose && !choice;
  assign choose_echo = choose && choice;
  assign sealed_header.ready = choose_sealed;
  assign echo_header.ready = choose_echo;
  assign answer.valid = choose;
  assign answer.data = choice ? echo_header.data.answer : sealed_header.data.answer;

  always_ff @(posedge clk) begin
    if (choose) echo_turn <= !choice;
    if (rst) echo_turn <= 1'b0;
  end

  // A kernel is ready only when it has been offered something; a FIFO in front of it has room before that.
  assign new_header.valid = choose;
  assign new_header.data = choice ? echo_header.data.header : sealed_header.data.header;
  sync_fifo #(.DEPTH(2)) u_headers (.clk, .rst, .in(new_header), .out(header_job), .fault(fifo_faults[2]));

  // Payload in the order of the choices.
  assign payload_order.valid = choose;
  assign payload_order.data = choice;
  assign payload_is_echo.ready = payload.valid && payload.ready && payload.data.last;
  sync_fifo #(.DEPTH(4)) u_payload_order (.clk, .rst, .in(payload_order), .out(payload_is_echo), .fault(fifo_faults[3]));

  assign payload.valid = payload_is_echo.valid && (payload_is_echo.data ? echo_beat.valid : sealed_beat.valid);
  assign payload.data = payload_is_echo.data ? echo_beat.data : sealed_beat.data;
  assign sealed_beat.ready = payload_is_echo.valid && !payload_is_echo.data && payload.ready;
  assign echo_beat.ready = payload_is_echo.valid && payload_is_echo.data && payload.ready;

  // ICVs in the order of the choices; an echo has none.
  assign icv_order.valid = choose;
  assign icv_order.data = choice;
  assign icv_is_echo.ready = icv.valid && icv.ready;
  sync_fifo #(.DEPTH(ORDERS)) u_icv_order (.clk, .rst, .in(icv_order), .out(icv_is_echo), .fault(fifo_faults[4]));

  assign icv.valid = icv_is_echo.valid && (icv_is_echo.data || sealed_icv.valid);
  assign icv.data.icv = icv_is_echo.data ? '0 : sealed_icv.data.icv;
  assign icv.data.present = !icv_is_echo.data;
  assign sealed_icv.ready = icv_is_echo.valid && !icv_is_echo.data && icv.ready;

  `SAPULSE_ASSERT(clk, rst, !sealed_icv.valid || sealed_icv.data.present, "reply_mux: seal gave no ICV")

endmodule

`default_nettype wire
