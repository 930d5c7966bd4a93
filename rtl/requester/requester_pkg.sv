// SPDX-License-Identifier: Apache-2.0
// Types that the modules of the requester share.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package requester_pkg;

  // What registers set, and when commands may begin.
  typedef struct packed {
    logic        tables_ready;
    logic        probing;  // see prober
    logic [29:0] seed;     // TRANSACTION_SEED, see wire_transaction
  } settings_t;

  // A message to be sent. Probes and pings are echo requests.
  typedef struct packed {
    logic                                         raw;          // SEND: the plaintext is `body`
    sa_pkg::sa_t                                  sa;
    logic [31:0]                                  transaction;
    logic [13:0]                                  length;       // bytes of echo data, or of plaintext
    logic [7:0]                                   message;      // type of the control header
    logic [7:0]                                   code;
    logic [8*sapulse_pkg::MESSAGE_BODY_BYTES-1:0] body;         // byte string
    logic [5:0]                                   counter;      // counts it when it has left
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
    logic        timed;     // it has a telemetry block, so that its reply must echo t_origin
    logic [63:0] t_origin;  // clock, ns
    logic [63:0] deadline;  // of its reply: uptime, ns
  } sent_ping_t;

  // A verified, fresh echo reply whose transaction is one of the card's.
  typedef struct packed {
    sa_pkg::sa_t  sa;
    logic [31:0]  transaction;    // as the card numbers it: see own_transaction
    logic         consistent;     // identifier and sequence of its body are the transaction
    logic         epoch;
    logic         moved;          // the host is to be told where it has come from, if it is wanted
    logic [63:0]  n;
    logic [15:0]  frame_length;
    logic [63:0]  t_arrival;
    // Of its telemetry block, or zero.
    logic [7:0]   flags;
    logic [63:0]  t_origin;
    logic [63:0]  t_receive;
    logic [63:0]  t_transmit;
    logic [31:0]  data_sequence;
    logic [127:0] token;          // byte string, as the next one
    logic [63:0]  token_nonce;
  } reply_t;

  // What a reply begins with, and by which it is decided who is asked about it (HEAD_BITS of FIFOs): sa, transaction, consistent.
  localparam int unsigned REPLY_HEAD_BITS = $bits(sa_pkg::sa_t) + 33;

  // On the wire, TRANSACTION_SEED is added to the number of a transaction of the card's own, so that a reply of an earlier life
  // finds nothing that is outstanding. From the card's number to that of the wire, and back.
  function automatic logic [31:0] wire_transaction(input logic [31:0] transaction, input logic [29:0] seed);
    wire_transaction = {transaction[31:30], transaction[29:0] + seed};
  endfunction
  function automatic logic [31:0] own_transaction(input logic [31:0] transaction, input logic [29:0] seed);
    own_transaction = {transaction[31:30], transaction[29:0] - seed};
  endfunction

  // What has become of a reply; FULL: no room for its event, as if it had not come.
  typedef enum logic [1:0] {RESULT_MATCHED, RESULT_LATE, RESULT_UNASKED, RESULT_FULL} result_t;

  // The ping table has decided about a reply.
  typedef struct packed {
    logic    valid;
    result_t result;
  } ping_verdict_t;
endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
