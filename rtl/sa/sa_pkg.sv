// SPDX-License-Identifier: Apache-2.0
// Constants and types at the border between sa_tables and the data path.
`default_nettype none
/* verilator lint_off UNUSEDPARAM */  // a package offers more than any one module uses

package sa_pkg;
  // Cycles from lookup_valid to result_valid.
  localparam int unsigned LOOKUP_LATENCY = 5;
  // Cycles from in_valid to in_key_valid.
  localparam int unsigned IN_KEY_LATENCY = 2;
  // Cycles from an opened packet's verdict to the answer of the replay window.
  localparam int unsigned ACCEPT_LATENCY = 4;
  // Cycles from path_sa to path.
  localparam int unsigned PATH_LATENCY = 2;
  // Frames that may enter the card in one cycle, and leave it, each in an epoch of its own.
  localparam int unsigned ENTER_PORTS = 2;
  localparam int unsigned LEAVE_PORTS = 6;
  // A frame that keeps its SA, for an answer or for data_valid, must raise enter_valid at most this many cycles after its result_valid;
  // only a data_valid that comes within these cycles may do without.
  localparam int unsigned ENTER_MARGIN = 64;
  // Frames in flight between enter and leave are at most 2**COUNT_BITS - 1.
  localparam int unsigned COUNT_BITS = 16;

  // Number of an SA, in this width whatever the capacity.
  typedef logic [15:0] sa_t;

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
    sapulse_types_pkg::key_t sa;                   // outbound key material
    logic [63:0]             n;                    // control sequence number of this answer, never given out twice
    logic [127:0]            token;                // crash token, byte string
    logic                    token_valid;
    logic [31:0]             data_sequence;        // highest customer sequence number seen
    logic                    data_sequence_valid;
  } reply_ctx_t;

  // What the headers of a message need that the card originates on an SA; addresses as they stand in the frame.
  typedef struct packed {
    logic         valid;
    logic [1:0]   encapsulation;     // sapulse_types_pkg::encap_t
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
    logic [31:0]  reply_spi;
  } path_t;
endpackage

/* verilator lint_on UNUSEDPARAM */
`default_nettype wire
