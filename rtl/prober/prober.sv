// SPDX-License-Identifier: Apache-2.0
// Probes SAs: hands out echo requests at each SA's interval, judges the replies, keeps a state for each SA and tells its changes; see
// docs/architecture.md. Times are ticks of 2^PROBE_TICK_LOG2 ns.
//
// SA_CAPACITY: a power of two from 16 to 65536. QUEUE: probes and events that can wait, a power of two from 4; above 64, in block RAM.
//   SAs that are due at once are often neighbours, two cycles apart in the sweep, while a probe takes several cycles to start, and what
//   finds no room waits for a whole sweep: a block RAM's worth avoids that.
// ready      low after reset until the tables have been cleared (SA_CAPACITY cycles); until then commands wait and no other port may
//            be used.
// enable     low: no probe is handed out and the time of the prober stands still. Replies, commands and events go on.
// uptime     ns, never set, advances by at most 2^16 ns a cycle. now: clock of the card, for events alone.
// data       customer packet seen on an SA, one a cycle.
// command    one of prober_pkg::COMMAND_*; fields have been checked. WRITE: command_config. BURST: command_count probes (1..15), nothing
//            for an SA that is not probed. done: it has been carried out, done_report answers READ.
// reply      authentic and fresh, to transaction {2'b11, reply_number}; times in ns. verdict: a prober_pkg::VERDICT_*, in order, without
//            back-pressure.
// request    probe to be sent, transaction {2'b11, request_number}, request_length bytes of echo data. A number is used again only
//            after 2^30 probes of that SA number, whatever is written or erased meanwhile.
// event      a change of state. What finds no room, as a probe that finds none, waits in the table: the sweep never stands still.
`default_nettype none
`include "sapulse_assert.svh"

module prober #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned QUEUE = 512,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire                       clk,
    input  wire                       rst,
    output logic                      ready,
    input  wire                       enable,
    input  wire  [              63:0] uptime,
    input  wire  [              63:0] now,

    input  wire                       data_valid,
    input  wire  [          SA_W-1:0] data_sa,

    input  wire                       command_valid,
    output logic                      command_ready,
    input  wire  [               1:0] command,
    input  wire  [          SA_W-1:0] command_sa,
    input  wire  prober_pkg::config_t command_config,
    input  wire  [               3:0] command_count,
    output logic                      done_valid,
    output prober_pkg::report_t       done_report,

    input  wire                       reply_valid,
    output logic                      reply_ready,
    input  wire  [          SA_W-1:0] reply_sa,
    input  wire  [              29:0] reply_number,
    input  wire  [              63:0] reply_t_origin,
    input  wire  [              63:0] reply_t_arrival,
    output logic                      verdict_valid,
    output logic [               1:0] verdict,

    output logic                      request_valid,
    input  wire                       request_ready,
    output logic [          SA_W-1:0] request_sa,
    output logic [              29:0] request_number,
    output logic [              13:0] request_length,

    output logic                      event_valid,
    input  wire                       event_ready,
    output prober_pkg::event_t        event_out
);

  if (SA_CAPACITY != 2 ** SA_W || SA_CAPACITY < 16 || SA_CAPACITY > 65536) begin : gen_check
    $error("SA_CAPACITY must be a power of two from 16 to 65536");
  end

  // After reset one entry of every table is cleared a cycle.
  logic clear_valid;
  logic [SA_W-1:0] clear_sa;

  always_ff @(posedge clk) begin
    clear_sa <= clear_sa + 1'b1;
    if (&clear_sa) clear_valid <= 1'b0;
    if (rst) begin
      clear_valid <= 1'b1;
      clear_sa <= {SA_W{1'b0}};
    end
  end

  always_ff @(posedge clk) ready <= !clear_valid && !rst;

  // ---- The fields of the reply or command that is next.
  prober_pkg::config_t config_held;
  logic [3:0] count_held;
  logic [29:0] number_held;
  logic [63:0] t_arrival_held, t_origin_held;

  always_ff @(posedge clk) begin
    if (command_valid && command_ready) begin
      config_held <= command_config;
      count_held <= command_count;
    end
    if (reply_valid && reply_ready) begin
      number_held <= reply_number;
      t_arrival_held <= reply_t_arrival;
      t_origin_held <= reply_t_origin;
    end
  end

  // ---- Table and decision.
  logic valid_0, valid_5, data_seen_0, data_seen_read, stale_valid, request_5, event_5, request_room, event_room;
  logic [2:0] kind_0, kind_5, previous_5;
  logic [SA_W-1:0] read_sa, sa_0, sa_5, stale_sa;
  logic [31:0] tick, data_tick_0, data_tick_read;
  logic [29:0] number_5;
  logic [1:0] verdict_5;
  logic [prober_pkg::RANDOM_BITS-1:0] random;
  prober_pkg::entry_t entry_0, entry_5;
  prober_pkg::report_t report_5;

  prober_clock clock (
      .clk,
      .rst,
      .enable,
      .uptime,
      .tick
  );

  prober_random random_source (
      .clk,
      .rst,
      .value(random)
  );

  prober_data #(
      .SA_CAPACITY(SA_CAPACITY)
  ) data_times (
      .clk,
      .clear_valid,
      .clear_sa,
      .tick,
      .data_valid,
      .data_sa,
      .stale_valid,
      .stale_sa,
      .read_sa,
      .read_seen(data_seen_read),
      .read_tick(data_tick_read)
  );

  always_ff @(posedge clk) begin
    data_seen_0 <= data_seen_read;
    data_tick_0 <= data_tick_read;
  end

  probe_table #(
      .SA_CAPACITY(SA_CAPACITY)
  ) entries (
      .clk,
      .rst,
      .clear_valid,
      .clear_sa,
      .command_valid,
      .command_ready,
      .command,
      .command_sa,
      .reply_valid,
      .reply_ready,
      .reply_sa,
      .read_sa,
      .valid_0,
      .kind_0,
      .sa_0,
      .entry_0,
      .write_valid(valid_5),
      .write_sa(sa_5),
      .write_entry(entry_5)
  );

  probe_step #(
      .SA_CAPACITY(SA_CAPACITY)
  ) step (
      .clk,
      .rst,
      .tick,
      .random,
      .probing(enable),
      .request_room,
      .event_room,
      .valid_0,
      .kind_0,
      .sa_0,
      .entry_0,
      .data_seen_0,
      .data_tick_0,
      .config_0(config_held),
      .count_0(count_held),
      .number_0(number_held),
      .t_arrival_0(t_arrival_held),
      .t_origin_0(t_origin_held),
      .stale_valid,
      .stale_sa,
      .valid_5,
      .kind_5,
      .sa_5,
      .entry_5,
      .report_5,
      .request_5,
      .number_5,
      .event_5,
      .previous_5,
      .verdict_5
  );

  assign verdict_valid = valid_5 && kind_5 == prober_pkg::KIND_REPLY;
  assign verdict = verdict_5;
  assign done_valid = valid_5 && kind_5 != prober_pkg::KIND_VISIT && kind_5 != prober_pkg::KIND_REPLY;
  assign done_report = report_5;

  // ---- Probes and events.
  prober_queue #(
      .WIDTH(SA_W + 30 + 14),
      .DEPTH(QUEUE),
      .BLOCK_RAM(QUEUE > 64)
  ) requests (
      .clk,
      .rst,
      .room(request_room),
      .in_valid(request_5),
      .in_data({sa_5, number_5, entry_5.length}),
      .out_valid(request_valid),
      .out_ready(request_ready),
      .out_data({request_sa, request_number, request_length})
  );

  prober_pkg::event_t event_in;
  assign event_in.sa = 16'(sa_5);
  assign event_in.previous = previous_5;
  assign event_in.time_ns = now;
  assign event_in.state = report_5.state;
  assign event_in.rtt = report_5.rtt;
  assign event_in.probes = report_5.probes;
  assign event_in.replies = report_5.replies;
  assign event_in.heard = report_5.heard;

  prober_queue #(
      .WIDTH(prober_pkg::EVENT_BITS),
      .DEPTH(QUEUE),
      .BLOCK_RAM(QUEUE > 64)
  ) events (
      .clk,
      .rst,
      .room(event_room),
      .in_valid(event_5),
      .in_data(event_in),
      .out_valid(event_valid),
      .out_ready(event_ready),
      .out_data(event_out)
  );

`ifndef SYNTHESIS
  // The number of each SA's next probe.
  logic [29:0] expected[0:SA_CAPACITY-1];
  always_ff @(posedge clk) begin
    if (clear_valid) expected[clear_sa] <= 30'd0;
    if (request_5) expected[sa_5] <= number_5 + 30'd1;
  end
  `SAPULSE_ASSERT(clk, rst, !(request_5 && number_5 != expected[sa_5]), "a probe number was given out out of order")
`endif
  `SAPULSE_ASSERT(clk, rst, !((data_valid || reply_valid) && !ready), "used before the tables had been cleared")

endmodule

`default_nettype wire
