// SPDX-License-Identifier: Apache-2.0
// Constants and types of the prober. Times without a unit are ticks of 2^PROBE_TICK_LOG2 ns, modular.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package prober_pkg;
  localparam logic [1:0] COMMAND_WRITE = 2'd0, COMMAND_BURST = 2'd1, COMMAND_READ = 2'd2;
  localparam logic [1:0] VERDICT_MATCHED = 2'd0, VERDICT_LATE = 2'd1, VERDICT_UNASKED = 2'd2;

  // What one passage through the table does.
  localparam logic [2:0] KIND_VISIT = 3'd0, KIND_REPLY = 3'd1, KIND_WRITE = 3'd2, KIND_BURST = 3'd3, KIND_READ = 3'd4;

  localparam int unsigned RANDOM_BITS = 11;

  // Body of PROBE_WRITE.
  typedef struct packed {
    logic        enable;
    logic        data_alive;  // customer packets are signs of life, too
    logic [6:0]  jitter;      // intervals are shortened by up to jitter / 256
    logic [13:0] length;      // of the echo data, bytes
    logic [29:0] interval;
    logic [30:0] suspect;     // 0: never
    logic [30:0] detect;
  } config_t;

  // All about one SA.
  typedef struct packed {
    logic        enable;
    logic        data_alive;
    logic [6:0]  jitter;
    logic [13:0] length;
    logic [29:0] interval;
    logic [30:0] suspect;
    logic [30:0] detect;
    logic [2:0]  state;        // a PROBE_STATE_*
    logic [2:0]  told;         // the state of the last event
    logic [31:0] due;          // time of the next probe
    logic [31:0] heard;        // time of the last sign of life
    logic [29:0] number;       // of the next probe; never restarts
    logic [31:0] outstanding;  // bit i: probe number - 1 - i is unanswered
    logic [3:0]  burst;        // probes of a burst to come
    logic [31:0] rtt;          // of the last reply, ns
    logic [29:0] probes;       // given out since PROBE_WRITE
    logic        many;         // these are, or have been, 32 and more
    logic [31:0] replies;      // matched since PROBE_WRITE
  } entry_t;
  localparam int unsigned ENTRY_BITS = 346;

  // What PROBE_READ answers.
  typedef struct packed {
    logic [2:0]  state;
    logic [31:0] rtt;
    logic [29:0] probes;
    logic [31:0] replies;
    logic [31:0] heard;    // age of the last sign of life, stops a little above 2^31
  } report_t;

  typedef struct packed {
    logic [15:0] sa;
    logic [2:0]  previous;
    logic [63:0] time_ns;   // clock of the card when the event was made
    logic [2:0]  state;
    logic [31:0] rtt;
    logic [29:0] probes;
    logic [31:0] replies;
    logic [31:0] heard;
  } event_t;
  localparam int unsigned EVENT_BITS = 212;
endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
