// SPDX-License-Identifier: Apache-2.0
// What happens to frames inside the card, one pulse an event, for the harness's log of transactions. Only watches.
//
// line_rx, dispatch ..  streams of the card: {a beat moves in this cycle, it is the last one of its frame}
// line_tx_answer        the frame on line_tx is an answer
// event_*               see FrameEvents in sim/src/frame_events.h, which says what each means and in which order frames cross
`default_nettype none

module frame_probe (
    input wire clk,
    input wire rst,

    input wire [1:0] line_rx, dispatch, plain, assembled, line_tx, core_tx,
    input wire       line_tx_answer,

    output logic event_received, event_arrived, event_dispatched, event_sealing, event_assembling,
    output logic event_answer_sent, event_passed_sent
);

  localparam int unsigned STREAMS = 6;

  logic [STREAMS-1:0] fire, last, middle, first;
  logic line_tx_first;

  assign fire = {line_rx[1], dispatch[1], plain[1], assembled[1], line_tx[1], core_tx[1]};
  assign last = {line_rx[0], dispatch[0], plain[0], assembled[0], line_tx[0], core_tx[0]};
  assign first = fire & ~middle;

  always_ff @(posedge clk) begin
    middle <= (fire & ~last) | (middle & ~fire);
    if (rst) middle <= '0;
  end

  assign {event_received, event_dispatched, event_sealing, event_assembling, line_tx_first, event_passed_sent} = first;
  assign event_arrived = line_rx == 2'b11;
  assign event_answer_sent = line_tx_first && line_tx_answer;

endmodule

`default_nettype wire
