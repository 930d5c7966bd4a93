// SPDX-License-Identifier: Apache-2.0
// Probes SAs: hands out echo requests at each SA's interval, judges the replies, keeps a state for each SA and tells its changes;
// see docs/architecture.md. Times are ticks of 2^PROBE_TICK_LOG2 ns.
//
// SA_CAPACITY: a power of two from 16 to 65536. QUEUE: probes and events that can wait, a power of two from 4; above 64, in block
//   RAM. SAs that are due at once are often neighbours, two cycles apart in the sweep, while a probe takes several cycles to start,
//   and what finds no room waits for a whole sweep: a block RAM's worth avoids that.
// ready          low after reset until the tables have been cleared (SA_CAPACITY cycles); until then commands wait and no other
//                port may be used.
// probing        low: no probe is handed out and the time of the prober stands still. Replies, commands and events go on.
// uptime         ns, never set, advances by at most 2^16 ns a cycle. now: clock of the card, for events alone.
// customer       packet seen on an SA, one a cycle.
// probe_command  a burst does nothing for an SA that is not probed. probe_done: it has been carried out.
// probe_reply    judged by probe_verdict some cycles later, in order, without back-pressure.
// probe          to be sent. A number is used again only after 2^30 probes of that SA number, whatever is written or
//                erased meanwhile, unless the entry was damaged.
// change         of state. What finds no room, as a probe that finds none, waits in the table: the sweep never stands still.
// entry_fault, data_fault  see probe_step
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module prober #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned QUEUE = 512
) (
    input wire   clk,
    input wire   rst,
    output logic ready,

    input wire        probing,
    input wire [63:0] uptime,
    input wire [63:0] now,

    input wire sa_pkg::customer_t      customer,
    stream_if.sink                     probe_command,  // probe_command_t
    output prober_pkg::probe_done_t    probe_done,
    stream_if.sink                     probe_reply,    // probe_reply_t
    output prober_pkg::probe_verdict_t probe_verdict,
    stream_if.source                   probe,          // probe_t
    stream_if.source                   change,         // change_t

    output sa_pkg::fault_t entry_fault,
    output sa_pkg::fault_t data_fault,

    output logic fifo_fault
);

  logic [1:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  if (SA_CAPACITY != 2 ** SA_W || SA_CAPACITY < 16 || SA_CAPACITY > 65536) begin : g_capacity
    $error("prober: SA_CAPACITY must be a power of two from 16 to 65536");
  end

  // After reset one entry of every table is cleared a cycle.
  logic clear_valid;
  logic [SA_W-1:0] clear_sa;
  sa_pkg::sweep_t clear;
  assign clear = '{valid: clear_valid, sa: 16'(clear_sa)};

  always_ff @(posedge clk) begin
    clear_sa <= clear_sa + 1'b1;
    if (&clear_sa) clear_valid <= 1'b0;
    if (rst) begin
      clear_valid <= 1'b1;
      clear_sa <= '0;
    end
  end

  always_ff @(posedge clk) ready <= !clear_valid && !rst;

  // The fields of the reply or command that is next. The age of a reply takes two cycles more: its low half, then all of it.
  prober_pkg::operands_t operands;
  logic [63:0] t_origin, t_arrival;
  logic [32:0] age_low;
  logic [31:0] arrival_high, origin_high;

  always_ff @(posedge clk) begin
    if (probe_command.valid && probe_command.ready) begin
      operands.cfg <= probe_command.data.cfg;
      operands.count <= probe_command.data.count;
    end
    if (probe_reply.valid && probe_reply.ready) begin
      operands.number <= probe_reply.data.number;
      t_origin <= probe_reply.data.t_origin;
      t_arrival <= probe_reply.data.t_arrival;
    end
    age_low <= {1'b0, t_arrival[31:0]} - {1'b0, t_origin[31:0]};
    arrival_high <= t_arrival[63:32];
    origin_high <= t_origin[63:32];
    operands.age <= {arrival_high - origin_high - 32'(age_low[32]), age_low[31:0]};
  end

  // Table and decision.
  logic [31:0] tick;
  logic [prober_pkg::RANDOM_BITS-1:0] random;
  logic request_room, event_room;
  sa_pkg::sa_t read_sa;
  prober_pkg::data_seen_t data_read, data_kept, data;
  logic data_check, data_check_kept, data_damaged, begun_check;
  prober_pkg::stale_t stale;
  prober_pkg::operation_t begun, ended;
  prober_pkg::outcome_t outcome;

  prober_clock u_clock (.clk, .rst, .enable(probing), .uptime, .tick);

  prober_random u_random (.clk, .rst, .random);

  prober_data #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_data (
      .clk,
      .clear, .tick, .customer, .stale,
      .read_sa,
      .data(data_read),
      .check(data_check)
  );
  always_ff @(posedge clk) {data_kept, data_check_kept} <= {data_read, data_check};
  parity #(.WIDTH($bits(data_kept) + 1)) u_data_parity (.data({data_kept, data_check_kept}), .odd(data_damaged));
  assign data = '{seen: data_kept.seen && !data_damaged, tick: data_kept.tick};

  probe_table #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_table (
      .clk, .rst,
      .clear,
      .probe_command, .probe_reply,
      .read_sa, .begun, .begun_check, .ended
  );

  probe_step u_step (
      .clk, .rst,
      .tick, .random, .probing,
      .request_room, .event_room,
      .begun, .begun_check, .operands, .data, .data_damaged,
      .stale, .ended, .outcome,
      .entry_fault, .data_fault
  );

  assign probe_verdict = '{valid: ended.valid && ended.kind == prober_pkg::KIND_REPLY, verdict: outcome.verdict};
  assign probe_done.valid = ended.valid && ended.kind != prober_pkg::KIND_VISIT && ended.kind != prober_pkg::KIND_REPLY;
  assign probe_done.report = outcome.report;

  // Probes and changes.
  prober_pkg::probe_t new_probe;
  prober_pkg::change_t new_change;
  assign new_probe = '{sa: ended.sa, number: outcome.number, length: ended.entry.cfg.length};
  assign new_change = '{sa: ended.sa, previous: outcome.previous, time_ns: now, report: outcome.report};

  prober_queue #(
      .T(prober_pkg::probe_t),
      .DEPTH(QUEUE),
      .BLOCK_RAM(QUEUE > 64)
  ) u_probes (
      .clk, .rst,
      .room(request_room),
      .in_valid(outcome.probe),
      .in(new_probe),
      .out(probe),
      .fifo_fault(fifo_faults[0])
  );

  prober_queue #(
      .T(prober_pkg::change_t),
      .DEPTH(QUEUE),
      .BLOCK_RAM(QUEUE > 64)
  ) u_changes (
      .clk, .rst,
      .room(event_room),
      .in_valid(outcome.change),
      .in(new_change),
      .out(change),
      .fifo_fault(fifo_faults[1])
  );

`ifndef SYNTHESIS
  // The number of each SA's next probe.
  logic [29:0] expected[0:SA_CAPACITY-1];
  always_ff @(posedge clk) begin
    if (clear_valid) expected[clear_sa] <= 30'd0;
    if (entry_fault.valid) expected[ended.sa[SA_W-1:0]] <= 30'd0;
    if (outcome.probe) expected[ended.sa[SA_W-1:0]] <= outcome.number + 30'd1;
  end
  `SAPULSE_ASSERT(clk, rst, !(outcome.probe && outcome.number != expected[ended.sa[SA_W-1:0]]),
                  "a probe number was given out out of order")
`endif
  `SAPULSE_ASSERT(clk, rst, !((customer.valid || probe_reply.valid) && !ready), "used before the tables had been cleared")

endmodule

`default_nettype wire
