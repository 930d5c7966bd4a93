// SPDX-License-Identifier: Apache-2.0
// Stream payloads that the kernels exchange with the shell and with each other.
//
// Conventions, valid for every type in this file:
//  * Beats and byte strings (keys, salts, powers of H, ICVs, tokens, header bytes): byte i is bits [8*i+7 : 8*i].
//  * Numbers (SPIs, sequence numbers, lengths, addresses, ports): host value of the big-endian field,
//    so the first byte on the wire is the most significant one.
//  * IPv4 addresses are ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
//  * On the stream the first member occupies the least significant bits.
#pragma once

#include "ap_int.h"

namespace sapulse {

/// One beat of a frame on a 512-bit AXI4-Stream (keep: contiguous from bit 0; full unless last).
struct axis_beat {
  ap_uint<512> data;
  ap_uint<64> keep;
  ap_uint<1> last;
  ap_uint<1> user;  ///< valid with last: the MAC found the frame bad
};

/// One beat of a packet whose length travels in a job; bytes beyond the length are zero.
struct payload_beat {
  ap_uint<512> data;
  ap_uint<1> last;
};

struct l2_t {
  ap_uint<48> dst;
  ap_uint<48> src;
  ap_uint<2> tags;   ///< number of VLAN tags, 0..2
  ap_uint<32> tag0;  ///< TPID | TCI of the outer tag
  ap_uint<32> tag1;
};

struct l3_t {
  ap_uint<1> v6;
  ap_uint<6> dscp;
  ap_uint<128> src;
  ap_uint<128> dst;
};

struct l4_t {
  ap_uint<2> encap;  ///< encap_* below
  ap_uint<16> sport;
  ap_uint<16> dport;
  ap_uint<32> spi;     ///< outer (possibly reserved) SPI
  ap_uint<32> seq;     ///< outer sequence number
  ap_uint<8> offset;   ///< of the ESP or AH header from the start of the frame, bytes
  ap_uint<8> payload;  ///< of the first byte after the outer sequence number (AH: and padding), bytes from the start of
                       ///< the frame
  ap_uint<17> limit;   ///< one past the last byte of the IP (UDP) payload, bytes from the start of the frame
  ap_uint<17>
      ip_end;  ///< one past the last byte of the IP payload; limit unless that is the end of a shorter UDP payload
};

/// Control header and the nested packet's first 16 bytes; meaningless unless the frame is long enough.
struct control_t {
  ap_uint<8> message;  ///< type
  ap_uint<8> code;
  ap_uint<16> length;
  ap_uint<32> subject;
  ap_uint<32> transaction;
  ap_uint<32> nested_seq;
  ap_uint<64> n;  ///< control sequence number: the nested packet's IV
};

enum encap_t { ENCAP_ESP = 0, ENCAP_UDP = 1, ENCAP_AH = 2 };

enum frame_kind_t {
  FRAME_OTHER = 0,     ///< no SPI found: pass
  FRAME_FRAGMENT = 1,  ///< IP fragment: pass and count
  FRAME_SPI = 2        ///< l4 is valid
};

/// Why a frame with a reserved SPI is malformed; the first that applies, in this order.
enum malformed_t {
  MALFORMED_NONE = 0,
  MALFORMED_IP_CHECKSUM = 1,
  MALFORMED_IP_LENGTH = 2,      ///< IP or UDP length does not fit its container
  MALFORMED_ADDRESS = 3,        ///< group MAC destination; multicast, broadcast or unspecified IP source
  MALFORMED_ENCAPSULATION = 4,  ///< AH next header or payload length
  MALFORMED_SHORT = 5,          ///< too short for the header that the action needs
  MALFORMED_VERSION = 6,        ///< control version or header length
  MALFORMED_CHECKSUM = 7,       ///< control checksum
  MALFORMED_LENGTH = 8,         ///< control length
  MALFORMED_NESTED =
      9,  ///< nested flag missing, nested packet shorter than 36 bytes or of another SPI than the subject's
  MALFORMED_SEQUENCE = 10  ///< nested sequence is not the low half of n, or n = 0
};

/// Everything `classify` finds out about a frame; one per frame.
struct record_t {
  ap_uint<2> kind;            ///< frame_kind_t
  ap_uint<4> ip_malformed;    ///< malformed_t that concerns every action other than pass and drop (1..5)
  ap_uint<4> echo_malformed;  ///< adds what the actions echo and echo-reply need (payload of 4 bytes or more, not AH)
  ap_uint<4> control_malformed;  ///< adds what the action control needs
  l2_t l2;
  l3_t l3;
  l4_t l4;
  control_t control;
};

/// align: cut bytes [offset, offset + length) out of a frame.
struct align_job {
  ap_uint<8> offset;   ///< 0..191
  ap_uint<14> length;  ///< 1..9216
};

/// Key material of one direction of an SA, control channel.
struct key_t {
  ap_uint<256> key;  ///< byte string; AES-128 uses the first 16 bytes
  ap_uint<1> aes256;
  ap_uint<32> salt;  ///< byte string; the control salt, already complemented where that applies
  ap_uint<128> h1;   ///< H, byte string
  ap_uint<128> h2;   ///< H^2
  ap_uint<128> h3;
  ap_uint<128> h4;
};

/// open: decrypt and verify one nested packet (SPI | sequence | IV | ciphertext | ICV).
struct open_job {
  key_t sa;
  ap_uint<14> length;  ///< of the nested packet, 36..9216 bytes; a multiple of 4 or the verdict is OPEN_MALFORMED
};

enum open_status_t {
  OPEN_OK = 0,
  OPEN_ICV = 1,       ///< integrity check failed; nothing else in the verdict means anything
  OPEN_PADDING = 2,   ///< padding content, pad length or next header
  OPEN_MALFORMED = 3  ///< sub-type or data length does not match the body
};

struct open_verdict {
  ap_uint<2> status;
  ap_uint<8> subtype;       ///< first byte of the body
  ap_uint<1> reply_wanted;  ///< R
};

/// respond: turn the opened request into the plaintext of its reply, same length.
struct respond_job {
  ap_uint<32> spi;  ///< outbound SPI
  ap_uint<64> n;    ///< control sequence number assigned to the reply
  ap_uint<64> t_receive;
  ap_uint<64> t_transmit;
  ap_uint<32> data_sequence;
  ap_uint<1> data_sequence_valid;
  ap_uint<128> token;
  ap_uint<1> token_valid;
};

/// request: make the nested packet of a message of the card's own.
struct request_job {
  ap_uint<14> length;       ///< of the nested packet with room for its ICV: 36..9216 bytes, a multiple of 4
  ap_uint<32> spi;          ///< outbound SPI
  ap_uint<64> n;            ///< control sequence number
  ap_uint<1> raw;           ///< 1: the plaintext is `body`; 0: it is an echo request, made of the members below
  ap_uint<384> body;        ///< byte string, zero beyond length - 32
  ap_uint<14> data_length;  ///< bytes of echo data, such that length = 32 + plaintext
  ap_uint<64> t_origin;     ///< for the telemetry block, which data of 48 bytes or more has
  ap_uint<32> transaction;  ///< identifier and sequence
  ap_uint<32> reply_spi;    ///< reply path SPI
};

/// seal: encrypt one nested packet; SPI, sequence and IV are in the first 16 bytes of the payload.
struct seal_job {
  key_t sa;
  ap_uint<14> length;  ///< of the nested packet with its ICV, bytes
};

/// The ICV of a sealed packet, to be put into its last 16 bytes; present = 0 for packets without one.
struct icv_t {
  ap_uint<128> icv;
  ap_uint<1> present;
};

/// header: build all bytes in front of the payload of an answer.
struct header_job {
  ap_uint<1> echo;  ///< 1: clear echo reply (SPI 8), 0: control message
  l2_t l2;          ///< of the request; header swaps
  l3_t l3;
  ap_uint<2> encap;
  ap_uint<16> sport;  ///< of the request; header swaps
  ap_uint<16> dport;
  ap_uint<32> spi;      ///< outer SPI of the answer
  ap_uint<32> seq;      ///< outer sequence number
  ap_uint<8> message;   ///< control type of the answer
  ap_uint<8> code;      ///< control code of the answer
  ap_uint<32> subject;  ///< subject SPI of the answer
  ap_uint<32> transaction;
  ap_uint<14> length;  ///< of the payload that follows the header, bytes
};

struct header_t {
  ap_uint<768> bytes;  ///< header, byte string, zero beyond size
  ap_uint<7> size;     ///< 42..94
  ap_uint<14> length;  ///< of the payload, bytes
  // Derived from size and length, so that assemble need not; beats are those of the frame.
  ap_uint<8> last_beat;  ///< number of the last beat
  ap_uint<8> icv_beat;   ///< the beat with the first of the payload's last 16 bytes
  ap_uint<1> spill;      ///< the last beat only has bytes of payload beats that began in an earlier one
};

}  // namespace sapulse
