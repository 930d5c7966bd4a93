// SPDX-License-Identifier: Apache-2.0
// Types and constants that the modules of the data path share.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package datapath_pkg;

  localparam int unsigned BEAT_BYTES = sapulse_pkg::BEAT_BYTES;

  // What the control path does with a frame.
  typedef enum logic [1:0] {
    ROUTE_EXCEPTION,  // hand it to the host
    ROUTE_PING,       // open its nested packet
    ROUTE_ECHO        // answer a clear echo
  } route_t;

  // A frame in the control path, as policy knows it.
  typedef struct packed {
    route_t                     route;
    logic [4:0]                 cause;   // of the exception, with ROUTE_EXCEPTION
    logic                       copy;    // the frame itself has been passed on, or is dropped all the same
    logic                       epoch;   // of its lookup; with ROUTE_PING (or data_seen) it has entered, and must leave
    sa_pkg::sa_t                sa;      // with ROUTE_PING
    sapulse_pkg::record_t       record;
  } job_t;

  // What the end of a frame tells. Lengths that need all 16 bits may be shown as the largest number: far above the longest frame.
  typedef struct packed {
    logic [15:0] length;  // bytes
    logic        bad;     // the MAC finds it so
  } measure_t;

  // The job with what else is known of the frame.
  typedef struct packed {
    job_t        job;
    logic [63:0] received;      // time of the first beat, ns
    logic [15:0] frame_length;  // bytes
  } control_job_t;

  // What a job begins with, and by which it is decided what to do with it (HEAD_BITS of FIFOs): route, cause, copy.
  localparam int unsigned JOB_HEAD_BITS = $bits(route_t) + 6;

  // What control_fifo has room for: three of the longest frames (144 beats of 64 bytes), or 64 pings of up to eight such beats.
  localparam int unsigned CONTROL_BEATS = 32768 / BEAT_BYTES;
  localparam int unsigned CONTROL_FRAMES = 64;
  // Sources, and SAs, with the same number of this range share what one of them may hold of it.
  localparam int unsigned CONTROL_SHARES = 256;

  // Who holds the room of a frame in control_fifo; sa: only of pings.
  typedef struct packed {
    logic [$clog2(CONTROL_SHARES)-1:0] source;
    logic [$clog2(CONTROL_SHARES)-1:0] sa;
    logic                              ping;
  } holder_t;

  // What becomes of a frame. Neither pass nor take: dropped for the reason `drop`.
  typedef struct packed {
    logic       pass;       // goes on to the core side
    logic       take;       // goes to the control path
    logic       fragment;   // is an IP fragment
    logic       limited;    // a copy for the host would have been made but for the rate limit
    logic       data_seen;  // customer packet of SA job.sa
    logic [5:0] drop;       // a counter
    holder_t    holder;
    job_t       job;
  } decision_t;

  // The same of a decision: all but the job.
  localparam int unsigned DECISION_HEAD_BITS = $bits(decision_t) - $bits(job_t);

  // A nested packet whose key is wanted for open.
  typedef struct packed {
    sa_pkg::sa_t sa;
    logic [13:0] length;  // bytes
  } nested_t;

  // What becomes of an opened packet. One at most of reply (answer it), match (it is a reply to a request of the card) and host
  // (hand it to the host); with none of them it ends, as what counter says. moved, not with host: its peer has moved.
  typedef struct packed {
    logic         reply;
    logic         match;
    logic         host;
    logic         moved;
    logic [5:0]   counter;
    logic [7:0]   message;  // type of its control message
    control_job_t job;
  } fate_t;

  // The same of a fate: all but the job.
  localparam int unsigned FATE_HEAD_BITS = $bits(fate_t) - $bits(control_job_t);

  // A packet to be answered, and with what.
  typedef struct packed {
    control_job_t       job;
    sa_pkg::reply_ctx_t ctx;
  } reply_job_t;

  // A beat of an exception; what its frame leaves for its end is the same in all beats.
  typedef struct packed {
    logic                           copy;     // the frame itself ends elsewhere
    logic                           entered;  // and leaves with the exception, in that epoch
    logic                           epoch;
    sapulse_pkg::payload_beat       beat;
  } exception_beat_t;

  // What an answer, or a message of the card's own, leaves for its end.
  typedef struct packed {
    logic [5:0] counter;    // counts it when it has left
    logic       from_line;  // answers a frame of the line side
    logic       entered;    // had entered in that epoch
    logic       epoch;
  } answer_t;

  // What seal and header need for a message, and what it leaves for its end.
  typedef struct packed {
    sapulse_pkg::seal_job         seal;
    sapulse_pkg::header_job       header;
    answer_t                      answer;
  } seal_order_t;

  // What header needs for a message, and what it leaves for its end.
  typedef struct packed {
    sapulse_pkg::header_job       header;
    answer_t                      answer;
  } header_order_t;

  // Whether an answer needs a UDP checksum: it is in UDP and IPv6. tags: its VLAN tags.
  typedef struct packed {
    logic       wanted;
    logic [1:0] tags;
  } checksum_job_t;

  // A frame has ended here; counter: what counts it.
  typedef struct packed {
    logic       valid;
    logic [5:0] counter;
  } ending_t;

  // A beat has passed a port of the card.
  typedef struct packed {
    logic                  fire;
    logic                  last;
    logic [BEAT_BYTES-1:0] keep;
  } port_beat_t;

  // A beat of a customer frame on its way to line TX, and how many bytes it has.
  typedef struct packed {
    logic [6:0]            bytes;
    sapulse_pkg::axis_beat beat;
  } counted_beat_t;

  // What tells whether a customer's beat is damaged; see customer_fifo: of a counted beat with its parity and copies of `last`.
  typedef logic [($bits(counted_beat_t)+3+35)/36-1:0] sums_t;

  // The token buckets that the sources of exceptions share.
  typedef struct packed {
    logic [63:0] key;       // of the hash
    logic [31:0] interval;  // ns per token; 0: no limit
    logic [7:0]  burst;     // tokens
  } source_limit_t;

  // Static configuration of the data path, from the registers; local addresses: IPv4 as ::ffff:a.b.c.d.
  typedef struct packed {
    logic                                           enable;
    logic                                           authoritative;
    logic                                           probing;
    logic [3:0]                                     exception_copies;
    logic [sapulse_pkg::LOCAL_ADDRESSES-1:0]        local_valid;
    logic [sapulse_pkg::LOCAL_ADDRESSES-1:0][127:0] local_address;
    logic [sapulse_pkg::LOCAL_MACS-1:0]             mac_valid;
    logic [sapulse_pkg::LOCAL_MACS-1:0][47:0]       mac;
    logic [15:0]                                    udp_port;
    source_limit_t                                  source_limit;
    logic [23:0]                                    tx_share;          // bytes
    logic [29:0]                                    transaction_seed;
  } config_t;

  // Frames of the line side in the control path. idle: there are none; crowded: so many that clear echoes shall not come in, nor
  // frames of who holds his share of control_fifo; left: one has left control_fifo.
  typedef struct packed {
    logic idle;
    logic crowded;
    logic left;
  } control_load_t;

  // Increments of all counters in one cycle; a beat may have BEAT_BYTES bytes.
  typedef logic [sapulse_pkg::COUNTERS-1:0][6:0] increments_t;

  // Counter of a reason, MALFORMED_NONE aside.
  function automatic logic [5:0] malformed_counter(input logic [3:0] malformed);
    case (malformed)
      sapulse_pkg::MALFORMED_IP_CHECKSUM: malformed_counter = sapulse_pkg::COUNTER_DROP_IP_CHECKSUM;
      sapulse_pkg::MALFORMED_IP_LENGTH: malformed_counter = sapulse_pkg::COUNTER_DROP_IP_LENGTH;
      sapulse_pkg::MALFORMED_ADDRESS: malformed_counter = sapulse_pkg::COUNTER_DROP_ADDRESS;
      sapulse_pkg::MALFORMED_ENCAPSULATION: malformed_counter = sapulse_pkg::COUNTER_DROP_ENCAPSULATION;
      sapulse_pkg::MALFORMED_SHORT: malformed_counter = sapulse_pkg::COUNTER_DROP_SHORT;
      sapulse_pkg::MALFORMED_VERSION: malformed_counter = sapulse_pkg::COUNTER_DROP_VERSION;
      sapulse_pkg::MALFORMED_CHECKSUM: malformed_counter = sapulse_pkg::COUNTER_DROP_CHECKSUM;
      sapulse_pkg::MALFORMED_LENGTH: malformed_counter = sapulse_pkg::COUNTER_DROP_LENGTH;
      sapulse_pkg::MALFORMED_NESTED: malformed_counter = sapulse_pkg::COUNTER_DROP_NESTED;
      default: malformed_counter = sapulse_pkg::COUNTER_DROP_SEQUENCE;
    endcase
  endfunction

  // Bytes of a beat: keep is contiguous from bit 0, so its highest bit tells.
  function automatic logic [6:0] keep_count(input logic [BEAT_BYTES-1:0] keep);
    keep_count = 7'd0;
    for (int i = 0; i < BEAT_BYTES; i++) begin
      if (keep[i] && (i == BEAT_BYTES - 1 || !keep[(i+1)%BEAT_BYTES])) keep_count |= 7'(i + 1);
    end
  endfunction

endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
