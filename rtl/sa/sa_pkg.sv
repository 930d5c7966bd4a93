// SPDX-License-Identifier: Apache-2.0
// Constants and types of sa_tables: at its border, then those that its modules exchange.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package sa_pkg;
  // Cycles from a lookup to its result.
  localparam int unsigned LOOKUP_LATENCY = 5;
  // Cycles from the question for an inbound key to the key.
  localparam int unsigned IN_KEY_LATENCY = 2;
  // Cycles from an opened packet's verdict to the answer of the replay window.
  localparam int unsigned ACCEPT_LATENCY = 2;
  // Cycles from the question for the context of a message until it must be known whether it will be sent, and to the context.
  localparam int unsigned KEPT_LATENCY = 2;
  localparam int unsigned CONTEXT_LATENCY = 3;
  // Cycles from the number of an SA to its path.
  localparam int unsigned PATH_LATENCY = 3;
  // Frames that may enter the card in one cycle, and leave it, each in an epoch of its own.
  localparam int unsigned ENTER_PORTS = 2;
  localparam int unsigned LEAVE_PORTS = 6;
  // A frame that keeps its SA, for an answer or for a customer_t, must enter at most this many cycles after its result; only a
  // customer_t that comes within these cycles may do without.
  localparam int unsigned ENTER_MARGIN = 64;
  // Frames in flight between enter and leave are at most 2**COUNT_BITS - 1.
  localparam int unsigned COUNT_BITS = 16;

  // Number of an SA, in this width whatever the capacity.
  typedef logic [15:0] sa_t;
  // Number of a bucket in a bank of the SPI index, likewise.
  typedef logic [14:0] bucket_t;

  // A frame enters the card with its SA, or leaves it; epoch: that of its lookup.
  typedef struct packed {
    logic valid;
    logic epoch;
  } passage_t;

  // A customer packet has been seen on an SA.
  typedef struct packed {
    logic        valid;
    sa_t         sa;
    logic [31:0] sequence_number;
  } customer_t;

  // What an answer needs: the outbound half of the SA and numbers taken at this moment.
  // Must not be sent unless usable: no outbound half is written, or the sequence numbers are used up.
  typedef struct packed {
    logic                    usable;
    logic [31:0]             spi;                  // outbound SPI
    sapulse_pkg::key_t       sa;                   // outbound key material
    logic [63:0]             n;                    // control sequence number of this answer, never given out twice
    logic [127:0]            token;                // crash token, byte string
    logic [63:0]             token_nonce;          // byte string
    logic                    token_valid;          // of token and token_nonce
    logic [31:0]             data_sequence;        // highest customer sequence number seen
    logic                    data_sequence_valid;
  } reply_ctx_t;

  // What the headers of a message need that the card originates on an SA; addresses as they stand in the frame.
  typedef struct packed {
    logic         valid;
    logic [1:0]   encapsulation;     // sapulse_pkg::encap_t
    logic         ipv6;
    logic [5:0]   dscp;
    logic [1:0]   tags;
    logic [31:0]  tag0;
    logic [31:0]  tag1;
    logic [47:0]  destination_mac;
    logic [47:0]  source_mac;
    logic [127:0] source;
    logic [127:0] destination;
    logic [15:0]  source_port;
    logic [15:0]  destination_port;
    logic [31:0]  control_spi;
    logic [63:0]  token_nonce;       // byte string; what the peer has told, or 0
  } path_t;

  // Number of an entry: of its SA; in the SPI index 4 * bucket + 2 * bank + slot.
  typedef logic [16:0] entry_number_t;

  // A damaged entry, as the host is told.
  typedef struct packed {
    logic [3:0]    sa_table;  // sapulse_pkg::SA_TABLE_*
    entry_number_t entry;
  } table_fault_t;

  // Where a peer is, as far as a NAT may change it; port: of UDP, else 0.
  typedef struct packed {
    logic [127:0] address;
    logic [15:0]  port;
  } place_t;

  function automatic place_t place(input logic [127:0] address, input logic [1:0] encapsulation, input logic [15:0] port);
    place = '{address: address, port: encapsulation == 2'(sapulse_pkg::ENCAP_UDP) ? port : 16'd0};
  endfunction

  // Byte strings of the wire as numbers, and back.
  function automatic logic [47:0] mac_bytes(input logic [47:0] mac);
    for (int i = 0; i < 6; i++) mac_bytes[8*i+:8] = mac[8*(5-i)+:8];
  endfunction
  function automatic logic [127:0] address_bytes(input logic [127:0] address);
    for (int i = 0; i < 16; i++) address_bytes[8*i+:8] = address[8*(15-i)+:8];
  endfunction

  // ---- Between the modules of sa_tables.

  // After reset, entry number sa of every table is cleared in this cycle.
  typedef struct packed {
    logic valid;
    sa_t  sa;
  } sweep_t;

  // An entry of a table has been read that is not as it was written.
  typedef struct packed {
    logic          valid;
    entry_number_t entry;
  } fault_t;

  // Those of one cycle, by table.
  typedef fault_t [sapulse_pkg::SA_TABLES-1:0] faults_t;

  // Crash token of an SA and its nonce, byte strings.
  typedef struct packed {
    logic         valid;
    logic [127:0] token;
    logic [63:0]  nonce;
  } token_t;

  // Outbound half of an SA without its numbers.
  typedef struct packed {
    logic [31:0]             spi;
    sapulse_pkg::key_t       key;
  } out_half_t;

  // Next control sequence number to send on an SA; unless usable there is none, and n means nothing.
  typedef struct packed {
    logic        usable;
    logic [63:0] n;
  } sequence_number_t;

  // Highest customer sequence number seen on an SA, if one has been seen.
  typedef struct packed {
    logic        seen;
    logic [31:0] number;
  } customer_number_t;

  // A packet may be to be answered.
  typedef struct packed {
    logic valid;
    sa_t  sa;
  } hope_t;

  // Question to the replay window: SA and control sequence number of a packet.
  typedef struct packed {
    sa_t         sa;
    logic [63:0] n;
  } question_t;

  // A command, taken apart; the members after sa belong to the commands named.
  typedef struct packed {
    logic [7:0]              opcode;
    logic [31:0]             cookie;
    logic [31:0]             sa;
    sapulse_pkg::key_t       key;       // SA_WRITE_IN, SA_WRITE_OUT
    token_t                  token;     // SA_WRITE_IN, as the next one
    logic [63:0]             window_top;
    logic [31:0]             spi;       // SA_WRITE_OUT
    logic [63:0]             next;      // SA_WRITE_OUT
    logic                    bank;      // INDEX_WRITE, as the next four
    logic                    slot;
    bucket_t                 bucket;
    logic                    used;
    logic [31:0]             index_spi;
    path_t                   path;      // PATH_WRITE
    logic                    down;      // SA_ADMIN
  } sa_command_t;

  // One slot of the SPI index is written; unless used, it is cleared.
  typedef struct packed {
    logic        valid;
    logic        bank;
    logic        slot;
    bucket_t     bucket;
    logic        used;
    logic [31:0] spi;
    sa_t         sa;
  } slot_update_t;

  // The inbound half of an SA is written (key, token), or its outbound half (key, spi), or both.
  typedef struct packed {
    logic                    in_valid;
    logic                    out_valid;
    sa_t                     sa;
    sapulse_pkg::key_t       key;
    token_t                  token;
    logic [31:0]             spi;
  } key_update_t;

  // The path of an SA is written.
  typedef struct packed {
    logic  valid;
    sa_t   sa;
    path_t path;
  } path_update_t;

  // The administrative state of an SA is written.
  typedef struct packed {
    logic valid;
    sa_t  sa;
    logic down;
  } admin_update_t;

  // A replay window starts anew (clear), accepting packets only if active, and only above top; or it is read.
  typedef struct packed {
    sa_t         sa;
    logic        clear;
    logic        active;
    logic [63:0] top;
  } window_command_t;

  // What the replay window tells a command: the highest number accepted, and the counters.
  typedef struct packed {
    logic [63:0] top;
    logic [31:0] accepted;
    logic [31:0] replayed;  // refused by the window
    logic [31:0] rejected;  // refused before: not ok
  } window_read_t;

  // The next control sequence number of an SA is written (0: none may be sent), or read.
  typedef struct packed {
    logic        valid;
    logic        write;
    sa_t         sa;
    logic [63:0] next;
  } sequence_command_t;
endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
