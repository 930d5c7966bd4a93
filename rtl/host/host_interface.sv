// SPDX-License-Identifier: Apache-2.0
// The card as the host sees it: registers, rings in host memory, counters, rate limits, clock, interrupts.
// Registers and descriptors: docs/registers.md. Order of host memory writes: docs/architecture.md, "Host memory".
//
// SA_CAPACITY  number of SAs, for the register of that name
// CLOCK_KHZ    frequency of clk, 4000..1000000
//
// git_hash     for the register of that name
// axil         one access at a time
// axi          host memory: bursts inside 1 KiB (at most 16 beats of 64 bytes), ID 0, one write burst and one read request (up to a
//              whole frame in several bursts) at a time. Cache type Normal Non-cacheable Non-bufferable (AXI4 section A4.4): the
//              write response has to mean that the write is visible. Protection type unprivileged, secure, data.
// irq          levels: pending and enabled, in the order of INTERRUPT_STATUS
// action       reserved SPI -> action, in the same cycle; PASS until the table is clear after reset
// now, uptime  clock, ns; time since reset, which no write of the clock moves, ns
// limit        granted in every cycle
// increments   every cycle
// tables_ready, datapath_idle: for the register STATUS
// command      commands other than FRAME
// exceptions, events  their field count is filled in here
// stopped      by a flipped bit; for STATUS.MEMORY_FAULT. memory_fault: a bit has flipped in a word or register that is kept here
// frame        frames of FRAME commands, 60..9216 bytes; no gap inside a frame as long as frame.ready stays 1
`include "sapulse_assert.svh"

`default_nettype none

module host_interface #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266
) (
    input wire        clk,
    input wire        rst,
    input wire [31:0] git_hash,

    axil_if.subordinate axil,
    axi_if.manager      axi,

    output sapulse_pkg::reg_interrupt_status_t irq,

    output datapath_pkg::config_t     cfg,
    input  wire  [7:0]                action_spi,
    output logic [2:0]                action,
    output logic [63:0]               now,
    output logic [63:0]               uptime,
    limit_if.server                   limit,
    input  datapath_pkg::increments_t increments,
    input  wire                       tables_ready,
    input  wire                       datapath_idle,

    command_if.client  command,
    ring_entry_if.sink exceptions,
    ring_entry_if.sink events,
    stream_if.source   frame,  // axis_beat

    input  wire  stopped,
    output logic memory_fault
);

  if (CLOCK_KHZ < 4000 || CLOCK_KHZ > 1000000) begin : g_clock
    $error("host_interface: CLOCK_KHZ must be between 4000 and 1000000");
  end

  // Rings that the card writes, in the order of their progress.
  localparam int unsigned COMPLETION = 0, EXCEPTION = 1, EVENT = 2;
  // Requesters of dma_read, in the order of their priority.
  localparam int unsigned READ_FRAME = 0, READ_COMMAND = 1, READERS = 2;
  // Requesters of dma_write: these rings and the status block.
  localparam int unsigned WRITE_STATUS = 3, WRITERS = 4;

  // Registers.
  host_pkg::rings_config_t rings;
  host_pkg::ring_indices_t indices;
  host_pkg::ring_progress_t [2:0] progress;
  logic [2:0] starting, implausible, raise;
  logic [31:0] command_consumer;
  host_pkg::dma_error_t error, read_error, write_error;
  logic error_clear, error_valid_q, commands_idle, idle_q, read_busy, write_busy, dma_idle_q, doorbell_q, stopped_q;
  logic [3:0] memory_faults;  // of the rings, of the registers
  assign memory_fault = |memory_faults;
  sapulse_pkg::reg_interrupt_status_t interrupt_raise;

  // The indices of a ring that is starting are 0 already.
  assign indices.commands = starting[COMPLETION] ? 32'h0 : command_consumer;
  assign indices.completions = starting[COMPLETION] ? 32'h0 : progress[COMPLETION].producer;
  assign indices.exceptions = starting[EXCEPTION] ? 32'h0 : progress[EXCEPTION].producer;
  assign indices.events = starting[EVENT] ? 32'h0 : progress[EVENT].producer;

  assign interrupt_raise = '{
      completion: raise[COMPLETION],
      exception: raise[EXCEPTION],
      events: raise[EVENT],
      error: (error.valid && !error_valid_q) || (|implausible && !doorbell_q) || (stopped && !stopped_q)
  };

  always_ff @(posedge clk) begin
    error_valid_q <= error.valid && !rst;
    doorbell_q <= |implausible && !rst;
    stopped_q <= stopped && !rst;
    idle_q <= datapath_idle && commands_idle;
    dma_idle_q <= !read_busy && !write_busy;
  end

  host_registers #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ(CLOCK_KHZ)
  ) u_registers (
      .clk, .rst,
      .git_hash,
      .axil,
      .cfg, .action_spi, .action,
      .now, .uptime,
      .limit, .increments,
      .status('{ready: tables_ready, dma_error: error.valid, idle: idle_q, doorbell: doorbell_q, dma_idle: dma_idle_q,
               memory_fault: stopped}),
      .error, .error_clear,
      .interrupt_raise, .irq,
      .rings, .indices,
      .memory_fault(memory_faults[3])
  );

  // Host memory.
  dma_read_if read[READERS] ();
  dma_write_if write[WRITERS] ();
  stream_if #(host_pkg::burst_t) ar (), aw ();
  stream_if #(host_pkg::read_beat_t) r ();
  stream_if #(host_pkg::write_beat_t) w ();
  stream_if #(logic [1:0]) b ();

  wire dma_stop = error.valid || read_error.valid || write_error.valid;

  dma_read #(
      .REQUESTERS(READERS)
  ) u_read (
      .clk, .rst,
      .stop(dma_stop),
      .busy(read_busy),
      .request(read),
      .error(read_error),
      .ar, .r
  );

  dma_write #(
      .REQUESTERS(WRITERS)
  ) u_write (
      .clk, .rst,
      .stop(dma_stop),
      .busy(write_busy),
      .request(write),
      .error(write_error),
      .aw, .w, .b
  );

  dma_error u_error (.clk, .rst, .clear(error_clear), .read(read_error), .write(write_error), .first(error));

  host_bus_channels u_channels (.clk, .rst, .aw, .w, .b, .ar, .r, .axi);

  // Rings.
  command_rings u_commands (
      .clk, .rst, .now,
      .switch(rings.command_switch),
      .command_cfg(rings.commands),
      .completion_cfg(rings.completions),
      .consumer(command_consumer),
      .progress(progress[COMPLETION]),
      .starting(starting[COMPLETION]),
      .implausible(implausible[COMPLETION]),
      .idle(commands_idle),
      .command, .frame,
      .frame_read(read[READ_FRAME]),
      .read(read[READ_COMMAND]),
      .write(write[COMPLETION]),
      .memory_fault(memory_faults[COMPLETION])
  );

  numbered_ring #(
      .entry_t(sapulse_pkg::exception_t),
      .LOG2_DEPTH(6)
  ) u_exceptions (
      .clk, .rst,
      .switch(rings.exception_switch),
      .cfg(rings.exceptions),
      .progress(progress[EXCEPTION]),
      .starting(starting[EXCEPTION]),
      .implausible(implausible[EXCEPTION]),
      .entries(exceptions),
      .write(write[EXCEPTION]),
      .memory_fault(memory_faults[EXCEPTION])
  );

  numbered_ring #(
      .entry_t(sapulse_pkg::event_t),
      .LOG2_DEPTH(7)
  ) u_events (
      .clk, .rst,
      .switch(rings.event_switch),
      .cfg(rings.events),
      .progress(progress[EVENT]),
      .starting(starting[EVENT]),
      .implausible(implausible[EVENT]),
      .entries(events),
      .write(write[EVENT]),
      .memory_fault(memory_faults[EVENT])
  );

  status_block u_status (
      .clk, .rst,
      .address(rings.status_block),
      .command_consumer, .progress, .raise,
      .write(write[WRITE_STATUS])
  );

endmodule

`default_nettype wire
