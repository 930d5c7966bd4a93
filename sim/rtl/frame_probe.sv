// SPDX-License-Identifier: Apache-2.0
// What happens to frames inside the card, one pulse an event, for the harness's log of transactions. Only watches.
//
// Inputs are handshakes of the card: valid and ready of a stream together (*_fire), its last bit, its first beats in *_first.
// Outputs: see FrameEvents in sim/src/frame_events.h, which says what each means and in which order frames cross.
`default_nettype none

module frame_probe (
    input wire clk,
    input wire rst,

    input wire line_rx_fire,
    input wire line_rx_last,
    input wire dispatch_fire,
    input wire dispatch_last,
    input wire plain_fire,
    input wire plain_last,
    input wire assembled_fire,
    input wire assembled_last,
    input wire line_tx_fire,
    input wire line_tx_last,
    input wire line_tx_answer,
    input wire core_tx_fire,
    input wire core_tx_last,

    output logic event_received,
    output logic event_arrived,
    output logic event_dispatched,
    output logic event_sealing,
    output logic event_assembling,
    output logic event_answer_sent,
    output logic event_passed_sent
);

  localparam int unsigned STREAMS = 6;

  logic [STREAMS-1:0] fire, last, middle, first;
  logic line_tx_first;

  assign fire = {line_rx_fire, dispatch_fire, plain_fire, assembled_fire, line_tx_fire, core_tx_fire};
  assign last = {line_rx_last, dispatch_last, plain_last, assembled_last, line_tx_last, core_tx_last};
  assign first = fire & ~middle;

  always_ff @(posedge clk) begin
    middle <= (fire & ~last) | (middle & ~fire);
    if (rst) middle <= '0;
  end

  assign {event_received, event_dispatched, event_sealing, event_assembling, line_tx_first, event_passed_sent} = first;
  assign event_arrived = line_rx_fire && line_rx_last;
  assign event_answer_sent = line_tx_first && line_tx_answer;

endmodule

`default_nettype wire
