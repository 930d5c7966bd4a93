// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "sapulse_ports.svh"

// Top of the simulation: the card, the checkers of its buses and the probe of its frames. The ports are those of sapulse_core,
// loose; event_*: see FrameEvents in sim/src/frame_events.h.
module sim_top #(
    parameter int unsigned SA_CAPACITY = 1024,   // SAs, see sapulse_core
    parameter int unsigned CLOCK_KHZ   = 322266  // clock that the card believes in
) (
    input wire        aclk,
    input wire        aresetn,  // synchronous, active low
    input wire [31:0] git_hash, // first 32 bits of the commit

    `SAPULSE_AXIS_SINK_PORTS(s_axis_line),
    `SAPULSE_AXIS_SOURCE_PORTS(m_axis_line),
    `SAPULSE_AXIS_SINK_PORTS(s_axis_core),
    `SAPULSE_AXIS_SOURCE_PORTS(m_axis_core),
    `SAPULSE_AXIL_SUBORDINATE_PORTS(s_axil, 16),
    `SAPULSE_AXI_MANAGER_PORTS(m_axi),
    output logic [sapulse_pkg::REG_INTERRUPT_STATUS_BITS-1:0] irq,

    output logic event_received, event_arrived, event_decided, event_steered, event_steered_passes,
    output logic event_parted, event_parted_taken, event_routed_exception, event_routed_ping, event_routed_echo,
    output logic event_dispatched, event_opened,
    output logic event_judged, event_judged_answered, event_sealing, event_chosen, event_chosen_echo, event_chosen_from_line,
    output logic event_assembling, event_answer_sent, event_passed_sent
);

  wire rst = !aresetn;

  stream_if #(sapulse_pkg::axis_beat) line_rx (), line_tx (), core_rx (), core_tx ();
  axil_if axil ();
  axi_if axi ();
  `SAPULSE_AXIS_SINK(s_axis_line, line_rx)
  `SAPULSE_AXIS_SOURCE(m_axis_line, line_tx)
  `SAPULSE_AXIS_SINK(s_axis_core, core_rx)
  `SAPULSE_AXIS_SOURCE(m_axis_core, core_tx)
  `SAPULSE_AXIL_SUBORDINATE(s_axil, axil)
  `SAPULSE_AXI_MANAGER(m_axi, axi)

  sapulse_core #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ(CLOCK_KHZ)
  ) u_core (
      .aclk, .aresetn, .git_hash,
      .line_rx, .line_tx, .core_rx, .core_tx,
      .axil, .axi,
      .bus_fault(1'b0),
      .irq
  );

  axis_checker u_line_rx (.clk(aclk), .rst, .stream(line_rx));
  axis_checker u_line_tx (.clk(aclk), .rst, .stream(line_tx));
  axis_checker u_core_rx (.clk(aclk), .rst, .stream(core_rx));
  axis_checker u_core_tx (.clk(aclk), .rst, .stream(core_tx));
  axil_checker u_registers (.clk(aclk), .rst, .axil);
  axi_checker u_memory (.clk(aclk), .rst, .axi);

  frame_probe u_frames (
      .clk(aclk),
      .rst,
      .line_rx({line_rx.valid && line_rx.ready, line_rx.data.last}),
      .dispatch({
        u_core.u_control.waiting_frame.valid && u_core.u_control.waiting_frame.ready, u_core.u_control.waiting_frame.data.last
      }),
      .plain({u_core.u_control.u_ping.reply.valid && u_core.u_control.u_ping.reply.ready, u_core.u_control.u_ping.reply.data.last}),
      .assembled({u_core.u_control.u_answer.assembled.valid, u_core.u_control.u_answer.assembled.beat.last}),
      .line_tx({line_tx.valid && line_tx.ready, line_tx.data.last}),
      .core_tx({core_tx.valid && core_tx.ready, core_tx.data.last}),
      .line_tx_answer(u_core.u_tx.from_reply),
      .event_received, .event_arrived, .event_dispatched, .event_sealing, .event_assembling, .event_answer_sent, .event_passed_sent
  );
  assign event_decided = u_core.u_line.draft.valid;
  assign event_steered = u_core.u_line.decision.ready;
  assign event_steered_passes = u_core.u_line.decision.data.pass;
  assign event_parted = event_parted_taken || (u_core.u_line.u_steer.end_of_frame && !u_core.u_line.u_steer.taken);
  assign event_parted_taken = u_core.u_line.u_steer.tells;
  assign event_routed_exception = u_core.u_control.raw_job.valid;
  assign event_routed_ping = u_core.u_control.ping.valid;
  assign event_routed_echo = u_core.u_control.echo_job.valid;
  assign event_opened = u_core.u_control.u_ping.u_verdicts.judged;
  assign event_judged = u_core.u_control.u_ping.u_gate.start;
  assign event_judged_answered = u_core.u_control.u_ping.reply_job.valid;
  assign event_chosen = u_core.u_control.u_answer.u_mux.choose;
  assign event_chosen_echo = u_core.u_control.u_answer.u_mux.choice;
  assign event_chosen_from_line = u_core.u_control.u_answer.new_answer.data.from_line;

endmodule

`default_nettype wire
