// SPDX-License-Identifier: Apache-2.0
// Types that the modules of the requester share.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package requester_pkg;

  // A message to be sent. Probes and pings are echo requests.
  typedef struct packed {
    logic         raw;          // SEND: the plaintext is `body`
    sa_pkg::sa_t  sa;
    logic [31:0]  transaction;
    logic [13:0]  length;       // bytes of echo data, or of plaintext
    logic [7:0]   message;      // type of the control header
    logic [7:0]   code;
    logic [383:0] body;         // byte string
    logic [5:0]   counter;      // counts it when it has left
  } order_t;

  // What has become of an order.
  typedef struct packed {
    logic        usable;    // it is on its way; otherwise nothing has been sent
    logic [63:0] n;         // its control sequence number
    logic [63:0] t_origin;  // clock, ns
  } order_result_t;

  // The next transaction for a ping.
  typedef struct packed {
    logic        valid;
    logic [31:0] transaction;
  } free_t;

  // A ping that has been sent.
  typedef struct packed {
    sa_pkg::sa_t sa;
    logic [31:0] cookie;
    logic [63:0] t_origin;  // clock, ns
    logic [63:0] deadline;  // of its reply: uptime, ns
  } sent_ping_t;

  // A verified, fresh echo reply whose transaction is one of the card's.
  typedef struct packed {
    sa_pkg::sa_t  sa;
    logic [31:0]  transaction;
    logic         consistent;     // identifier and sequence of its body are the transaction
    logic         epoch;
    logic [63:0]  n;
    logic [15:0]  frame_length;
    logic [63:0]  t_arrival;
    // Of its telemetry block, or zero.
    logic [7:0]   flags;
    logic [63:0]  t_origin;
    logic [63:0]  t_receive;
    logic [63:0]  t_transmit;
    logic [31:0]  data_sequence;
    logic [127:0] token;          // byte string
  } reply_t;

  // What has become of a reply; FULL: no room for its event, as if it had not come.
  typedef enum logic [1:0] {RESULT_MATCHED, RESULT_LATE, RESULT_UNASKED, RESULT_FULL} result_t;

  // The fields of an event, but for its number, which the ring fills in.
  typedef struct packed {
    logic [7:0]   kind;
    logic [7:0]   flags;
    logic [2:0]   state;
    logic [2:0]   previous;
    sa_pkg::sa_t  sa;
    logic [31:0]  cookie;
    logic [31:0]  transaction;
    logic [63:0]  time_ns;
    logic [63:0]  t_origin;
    logic [63:0]  t_arrival;
    logic [63:0]  t_receive;
    logic [63:0]  t_transmit;
    logic [63:0]  n;
    logic [31:0]  data_sequence;
    logic [15:0]  frame_length;
    logic [31:0]  rtt;
    logic [31:0]  heard;
    logic [31:0]  probes;
    logic [31:0]  replies;
    logic [127:0] token;
  } event_t;

  // An event as it stands in host memory, byte i at bits [8i+7:8i].
  function automatic logic [sapulse_pkg::DESC_EVENT_BITS-1:0] event_bytes(input event_t fields);
    event_bytes = '0;
    event_bytes[sapulse_pkg::DESC_EVENT_KIND_LSB+:8] = fields.kind;
    event_bytes[sapulse_pkg::DESC_EVENT_FLAGS_LSB+:8] = fields.flags;
    event_bytes[sapulse_pkg::DESC_EVENT_STATE_LSB+:3] = fields.state;
    event_bytes[sapulse_pkg::DESC_EVENT_PREVIOUS_LSB+:3] = fields.previous;
    event_bytes[sapulse_pkg::DESC_EVENT_SA_LSB+:16] = fields.sa;
    event_bytes[sapulse_pkg::DESC_EVENT_COOKIE_LSB+:32] = fields.cookie;
    event_bytes[sapulse_pkg::DESC_EVENT_TRANSACTION_LSB+:32] = fields.transaction;
    event_bytes[sapulse_pkg::DESC_EVENT_TIME_LSB+:64] = fields.time_ns;
    event_bytes[sapulse_pkg::DESC_EVENT_T_ORIGIN_LSB+:64] = fields.t_origin;
    event_bytes[sapulse_pkg::DESC_EVENT_T_ARRIVAL_LSB+:64] = fields.t_arrival;
    event_bytes[sapulse_pkg::DESC_EVENT_T_RECEIVE_LSB+:64] = fields.t_receive;
    event_bytes[sapulse_pkg::DESC_EVENT_T_TRANSMIT_LSB+:64] = fields.t_transmit;
    event_bytes[sapulse_pkg::DESC_EVENT_N_LSB+:64] = fields.n;
    event_bytes[sapulse_pkg::DESC_EVENT_DATA_SEQUENCE_LSB+:32] = fields.data_sequence;
    event_bytes[sapulse_pkg::DESC_EVENT_FRAME_LENGTH_LSB+:16] = fields.frame_length;
    event_bytes[sapulse_pkg::DESC_EVENT_RTT_LSB+:32] = fields.rtt;
    event_bytes[sapulse_pkg::DESC_EVENT_HEARD_LSB+:32] = fields.heard;
    event_bytes[sapulse_pkg::DESC_EVENT_PROBES_LSB+:32] = fields.probes;
    event_bytes[sapulse_pkg::DESC_EVENT_REPLIES_LSB+:32] = fields.replies;
    event_bytes[sapulse_pkg::DESC_EVENT_TOKEN_LSB+:128] = fields.token;
  endfunction

endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
