// SPDX-License-Identifier: Apache-2.0
// Constants and types of the prober. Times without a unit are ticks of 2^PROBE_TICK_LOG2 ns, modular.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package prober_pkg;
  localparam int unsigned RANDOM_BITS = 11;

  typedef enum logic [1:0] {COMMAND_WRITE, COMMAND_BURST, COMMAND_READ} command_kind_t;
  typedef enum logic [1:0] {VERDICT_MATCHED, VERDICT_LATE, VERDICT_UNASKED} verdict_t;

  // What one passage through the table does.
  typedef enum logic [2:0] {KIND_VISIT, KIND_REPLY, KIND_WRITE, KIND_BURST, KIND_READ} kind_t;

  // Body of PROBE_WRITE.
  typedef struct packed {
    logic        enable;
    logic        data_alive;  // customer packets are signs of life, too
    logic [6:0]  jitter;      // intervals are shortened by up to jitter / 256
    logic [13:0] length;      // of the echo data, bytes
    logic [29:0] interval;
    logic [30:0] suspect;     // 0: never
    logic [30:0] detect;
  } probe_config_t;

  // A command; its fields have been checked.
  typedef struct packed {
    command_kind_t command;
    sa_pkg::sa_t   sa;
    probe_config_t cfg;    // WRITE
    logic [3:0]    count;  // BURST: probes, 1..15
  } probe_command_t;

  // An authentic and fresh reply to transaction {2'b11, number}; times in ns.
  typedef struct packed {
    sa_pkg::sa_t sa;
    logic [29:0] number;
    logic [63:0] t_origin;
    logic [63:0] t_arrival;
  } probe_reply_t;

  // What a command or reply brings along to the entry of its SA.
  typedef struct packed {
    probe_config_t cfg;        // WRITE
    logic [3:0]    count;      // BURST
    logic [29:0]   number;     // REPLY, as the next two
    logic [63:0]   t_origin;
    logic [63:0]   t_arrival;
  } operands_t;

  // What has become of a reply.
  typedef struct packed {
    logic     valid;
    verdict_t verdict;
  } probe_verdict_t;

  // A probe to be sent, as transaction {2'b11, number}.
  typedef struct packed {
    sa_pkg::sa_t sa;
    logic [29:0] number;
    logic [13:0] length;  // of the echo data, bytes
  } probe_t;

  // All about one SA.
  typedef struct packed {
    probe_config_t cfg;
    logic [2:0]    state;        // a PROBE_STATE_*
    logic [2:0]    told;         // the state of the last event
    logic [31:0]   due;          // time of the next probe
    logic [31:0]   heard;        // time of the last sign of life
    logic [29:0]   number;       // of the next probe; never restarts
    logic [31:0]   outstanding;  // bit i: probe number - 1 - i is unanswered
    logic [3:0]    burst;        // probes of a burst to come
    logic [31:0]   rtt;          // of the last reply, ns
    logic [29:0]   probes;       // given out since PROBE_WRITE
    logic          many;         // these are, or have been, 32 and more
    logic [31:0]   replies;      // matched since PROBE_WRITE
  } entry_t;

  // One passage of an SA's entry through the table.
  typedef struct packed {
    logic        valid;
    kind_t       kind;
    sa_pkg::sa_t sa;
    entry_t      entry;
  } operation_t;

  // What PROBE_READ answers.
  typedef struct packed {
    logic [2:0]  state;
    logic [31:0] rtt;
    logic [29:0] probes;
    logic [31:0] replies;
    logic [31:0] heard;    // age of the last sign of life, stops a little above 2^31
  } report_t;

  // A command has been carried out.
  typedef struct packed {
    logic    valid;
    report_t report;  // the answer of READ
  } probe_done_t;

  // What an operation leads to beside the new entry.
  typedef struct packed {
    report_t     report;    // before its probe, but after its change of state
    logic        probe;     // a probe goes out
    logic [29:0] number;    // of that probe
    logic        change;    // the state is told
    logic [2:0]  previous;  // the state told before
    verdict_t    verdict;   // of a REPLY
  } outcome_t;

  // A change of state, to be told.
  typedef struct packed {
    sa_pkg::sa_t sa;
    logic [2:0]  previous;
    logic [63:0] time_ns;   // clock of the card when it happened
    report_t     report;
  } change_t;

  // The last customer packet of an SA was so long ago that its time must be forgotten.
  typedef struct packed {
    logic        valid;
    sa_pkg::sa_t sa;
  } stale_t;

  // When a customer packet was last seen on an SA.
  typedef struct packed {
    logic        seen;  // there was one
    logic [31:0] tick;
  } data_seen_t;
endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
