// SPDX-License-Identifier: Apache-2.0
// The command ring and the completion ring, which run together: fetches commands, has them executed, writes their completions.
//
// consumer              commands fetched so far
// progress              of the completion ring
// starting              see ring_restart
// implausible           an index of the host is: nothing is begun in its ring
// idle                  no command waits, and none is under way
// command               commands other than FRAME
// frame                 frames of FRAME commands; see frame_reader
// frame_read, read, write  of frames, commands, completions
// memory_fault          of a word that one of these keeps; see word_check
`default_nettype none

module command_rings (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    input  host_pkg::ring_switch_t   switch,
    input  host_pkg::ring_config_t   command_cfg,
    input  host_pkg::ring_config_t   completion_cfg,
    output logic [31:0]              consumer,
    output host_pkg::ring_progress_t progress,
    output logic                     starting,
    output logic                     implausible,
    output logic                     idle,

    command_if.client   command,
    stream_if.source    frame,  // axis_beat
    dma_read_if.client  frame_read,
    dma_read_if.client  read,
    dma_write_if.client write,

    output logic memory_fault
);

  host_pkg::ring_control_t control;
  logic fetch_idle, executor_idle, completion_idle, waiting, command_implausible, completion_implausible;
  logic [31:0] unused_accepted;
  logic [2:0] memory_faults;
  assign memory_fault = |memory_faults;
  stream_if #(host_pkg::command_t) descriptor ();
  frame_job_if job ();
  ring_entry_if completion ();

  assign implausible = command_implausible || completion_implausible;
  assign idle = !waiting && fetch_idle && executor_idle && job.ready;

  ring_restart u_restart (
      .clk, .rst,
      .switch,
      .idle(fetch_idle && executor_idle && completion_idle),
      .control, .starting
  );

  command_ring u_commands (
      .clk, .rst,
      .control,
      .cfg(command_cfg),
      .idle(fetch_idle),
      .consumer,
      .implausible(command_implausible),
      .waiting, .descriptor, .read,
      .memory_fault(memory_faults[0])
  );

  command_executor u_executor (.clk, .rst, .now, .idle(executor_idle), .descriptor, .command, .job, .completion);

  frame_reader u_frames (.clk, .rst, .job, .read(frame_read), .frame, .memory_fault(memory_faults[1]));

  ring_writer #(
      .ENTRY_BYTES(sapulse_pkg::COMPLETION_BYTES),
      .LOG2_DEPTH(4)
  ) u_completions (
      .clk, .rst,
      .control,
      .cfg(completion_cfg),
      .idle(completion_idle),
      .accepted(unused_accepted),
      .progress,
      .implausible(completion_implausible),
      .entries(completion),
      .write,
      .memory_fault(memory_faults[2])
  );

endmodule

`default_nettype wire
