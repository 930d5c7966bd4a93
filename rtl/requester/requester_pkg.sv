// SPDX-License-Identifier: Apache-2.0
// Types that the modules of the requester share.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package requester_pkg;

  // A message to be sent. Probes and pings are echo requests.
  typedef struct packed {
    logic         raw;          // SEND: the plaintext is `body`
    logic [15:0]  sa;
    logic [31:0]  transaction;
    logic [13:0]  length;       // bytes of echo data, or of plaintext
    logic [7:0]   message;      // type of the control header
    logic [7:0]   code;
    logic [383:0] body;         // byte string
    logic [5:0]   counter;      // counts it when it has left
  } order_t;

  // A verified, fresh echo reply whose transaction is one of the card's.
  typedef struct packed {
    logic [15:0]  sa;
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

  // What has become of a reply.
  localparam logic [1:0] RESULT_MATCHED = 2'd0;
  localparam logic [1:0] RESULT_LATE = 2'd1;
  localparam logic [1:0] RESULT_UNASKED = 2'd2;
  localparam logic [1:0] RESULT_FULL = 2'd3;     // no room for its event: as if it had not come

  // The fields of an event, but for those that event_writer and the ring fill in.
  typedef struct packed {
    logic [7:0]   kind;
    logic [7:0]   flags;
    logic [2:0]   state;
    logic [2:0]   previous;
    logic [15:0]  sa;
    logic [31:0]  cookie;
    logic [31:0]  transaction;
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
endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
