// SPDX-License-Identifier: Apache-2.0
// Decides the fate of each opened packet: from the verdict of open, the type of its control message and the replay window.
//
// ping_*: jobs of the pings in open, in order; verdict_*: verdicts of open, in the same order; both valid/ready.
// window_*: to sa_tables (verdict port); accept_*: its answers, in order.
// accept_down: the SA is administratively down; its requests go to the host.
// fate_*: valid/ready, one per packet, in order. fate_reply: answer it; fate_match: it is a reply to a request of the card; fate_host: hand
// it to the host; else it ends, and fate_counter says as what. reply_*: SA of each packet to be answered, as early as it is known; never more than DEPTH of them
// belong to fates that have not been taken.
`default_nettype none
`include "sapulse_assert.svh"

module open_verdicts #(
    parameter int unsigned DEPTH = 16
) (
    input wire clk,
    input wire rst,

    input  wire                            ping_valid,
    output logic                           ping_ready,
    input  datapath_pkg::control_job_t     ping,
    input  wire                            verdict_valid,
    output logic                           verdict_ready,
    input  sapulse_pkg::open_verdict verdict,

    output logic                             window_valid,
    input  wire                              window_ready,
    output logic [datapath_pkg::SA_BITS-1:0] window_sa,
    output logic [                     63:0] window_n,
    output logic                             window_ok,
    input  wire                              accept_valid,
    input  wire                              accept,
    input  wire                              accept_down,

    output logic                             reply_valid,
    output logic [datapath_pkg::SA_BITS-1:0] reply_sa,

    output logic                       fate_valid,
    input  wire                        fate_ready,
    output datapath_pkg::control_job_t fate,
    output logic                       fate_reply,
    output logic                       fate_match,
    output logic                       fate_host,
    output logic [5:0]                 fate_counter
);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;

  // Asking the window: as many packets as there is room for in the end.
  /* verilator lint_off UNUSEDSIGNAL */  // the rest of the record travels on
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [COUNT_W-1:0] held;
  logic ask, room, body_ok, good, is_request, wants_reply, wants_match;
  logic [5:0] refusal;

  assign record = ping.job.record;
  assign room = !held[COUNT_W-1];
  assign window_valid = ping_valid && verdict_valid && room;
  assign window_sa = ping.job.sa;
  assign window_n = record.control.n;
  assign window_ok = good;
  assign ask = window_valid && window_ready;
  assign ping_ready = ask;
  assign verdict_ready = ask;

  always_comb begin
    case (record.control.message)
      datapath_pkg::MESSAGE_ECHO_REQUEST: body_ok = verdict.subtype == datapath_pkg::SUBTYPE_REQUEST;
      datapath_pkg::MESSAGE_ECHO_REPLY: body_ok = verdict.subtype == datapath_pkg::SUBTYPE_REPLY;
      default: body_ok = verdict.subtype == datapath_pkg::SUBTYPE_ERROR;
    endcase
    case (verdict.status)
      sapulse_pkg::OPEN_ICV: refusal = sapulse_pkg::COUNTER_DROP_ICV;
      sapulse_pkg::OPEN_PADDING: refusal = sapulse_pkg::COUNTER_DROP_PADDING;
      default: refusal = sapulse_pkg::COUNTER_DROP_BODY;
    endcase
  end
  assign good = verdict.status == sapulse_pkg::OPEN_OK && body_ok;
  assign is_request = record.control.message == datapath_pkg::MESSAGE_ECHO_REQUEST;
  assign wants_reply = is_request && verdict.reply_wanted;
  assign wants_match = record.control.message == datapath_pkg::MESSAGE_ECHO_REPLY && record.control.transaction[31];

  always_ff @(posedge clk) begin
    if (ask != (fate_valid && fate_ready)) held <= ask ? held + 1'b1 : held - 1'b1;
    if (rst) held <= '0;
  end

  // Waiting for the answer of the window.
  logic asked_valid, asked_room, asked_good, asked_request, asked_reply, asked_match, fate_room;
  logic [5:0] asked_refusal;
  datapath_pkg::control_job_t asked;

  sync_fifo #(
      .WIDTH($bits(ping) + 10),
      .DEPTH(DEPTH)
  ) u_asked (
      .clk,
      .rst,
      .in_valid(ask),
      .in_ready(asked_room),
      .in_data({good, is_request, wants_reply, wants_match, refusal, ping}),
      .out_valid(asked_valid),
      .out_ready(accept_valid),
      .out_data({asked_good, asked_request, asked_reply, asked_match, asked_refusal, asked})
  );

  // Fate.
  logic fresh, decided_reply, decided_match, decided_host;
  logic [5:0] decided_counter;

  always_comb begin
    if (!asked_good) decided_counter = asked_refusal;
    else if (!accept) decided_counter = sapulse_pkg::COUNTER_DROP_REPLAY;
    else decided_counter = sapulse_pkg::COUNTER_KEEPALIVE;
  end
  assign fresh = asked_good && accept;
  assign decided_reply = fresh && asked_reply && !accept_down;
  assign decided_match = fresh && asked_match;
  assign decided_host = fresh && (asked_request ? accept_down : !asked_match);
  assign reply_valid = accept_valid && decided_reply;
  assign reply_sa = asked.job.sa;

  sync_fifo #(
      .WIDTH($bits(ping) + 9),
      .DEPTH(DEPTH)
  ) u_fates (
      .clk,
      .rst,
      .in_valid(accept_valid),
      .in_ready(fate_room),
      .in_data({decided_reply, decided_match, decided_host, decided_counter, asked}),
      .out_valid(fate_valid),
      .out_ready(fate_ready),
      .out_data({fate_reply, fate_match, fate_host, fate_counter, fate})
  );

  `SAPULSE_ASSERT(clk, rst, !ask || asked_room, "open_verdicts: no room for a question")
  `SAPULSE_ASSERT(clk, rst, !accept_valid || (asked_valid && fate_room), "open_verdicts: an answer without question or room")
  `SAPULSE_ASSERT(clk, rst, !(accept_valid && accept && !asked_good), "open_verdicts: the window accepted a bad packet")

endmodule

`default_nettype wire
