// SPDX-License-Identifier: Apache-2.0
// Wire format of IPsec control messages under a reserved SPI, version 1 (docs/protocol.md): every offset, size and code
// point, shared by kernels, host and tests. Offsets and sizes are in bytes; all integers on the wire are big-endian.
// C++14.
#pragma once

#include <cstdint>

namespace sapulse {
namespace wire {

// Ethernet II (IEEE 802.3, 802.1Q, 802.1ad)
constexpr int mac_bytes = 6;
constexpr int ethertype_offset = 12;  ///< of the EtherType, or of the outer VLAN tag
constexpr int ethernet_bytes = 14;    ///< header without tags
constexpr int vlan_bytes = 4;
constexpr int vlan_tags_max = 2;
constexpr int frame_min_bytes = 60;  ///< without FCS; answers are padded to this with zeros
constexpr int frame_max_bytes = 9216;
constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::uint16_t ethertype_ipv6 = 0x86dd;
constexpr std::uint16_t tpid_customer = 0x8100;
constexpr std::uint16_t tpid_service = 0x88a8;

// IPv4 (RFC 791)
constexpr int ipv4_bytes = 20;  ///< header without options
constexpr int ipv4_bytes_max = 60;
constexpr int ipv4_total_length = 2;
constexpr int ipv4_fragment = 6;  ///< flags and fragment offset
constexpr int ipv4_ttl = 8;
constexpr int ipv4_protocol = 9;
constexpr int ipv4_checksum = 10;
constexpr int ipv4_source = 12;
constexpr int ipv4_destination = 16;
constexpr std::uint16_t ipv4_fragment_mask = 0x3fff;  ///< MF and offset: not zero in every fragment
constexpr std::uint16_t ipv4_dont_fragment = 0x4000;

// IPv6 (RFC 8200)
constexpr int ipv6_bytes = 40;
constexpr int ipv6_payload_length = 4;
constexpr int ipv6_next_header = 6;
constexpr int ipv6_hop_limit = 7;
constexpr int ipv6_source = 8;
constexpr int ipv6_destination = 24;
constexpr int ipv6_options_max = 64;  ///< hop-by-hop and destination options in all
constexpr int ipv6_option_unit = 8;
constexpr std::uint16_t ipv6_fragment_mask = 0xfff9;  ///< of bytes 2..3 of the fragment header: offset and M

constexpr std::uint8_t answer_ttl = 64;  ///< TTL and hop limit of every answer

// IP protocol numbers
constexpr std::uint8_t protocol_hop_by_hop = 0;
constexpr std::uint8_t protocol_udp = 17;
constexpr std::uint8_t protocol_fragment = 44;
constexpr std::uint8_t protocol_esp = 50;
constexpr std::uint8_t protocol_ah = 51;
constexpr std::uint8_t protocol_destination_options = 60;
constexpr std::uint8_t protocol_experiment = 253;  ///< AH next header of a control message (RFC 3692)

// UDP encapsulation (RFC 768, RFC 3948)
constexpr int udp_bytes = 8;
constexpr int udp_source = 0;
constexpr int udp_destination = 2;
constexpr int udp_length = 4;
constexpr int udp_checksum = 6;
constexpr std::uint16_t udp_port_ipsec = 4500;

// ESP and AH (RFC 4303, RFC 4302)
constexpr int spi_bytes = 4;
constexpr int esp_bytes = 8;  ///< SPI and sequence number
constexpr int esp_sequence = 4;
constexpr int ah_bytes_ipv4 = 12;
constexpr int ah_bytes_ipv6 = 16;  ///< with 4 zero bytes of padding
constexpr int ah_next_header = 0;
constexpr int ah_payload_length = 1;
constexpr int ah_spi = 4;
constexpr int ah_sequence = 8;
constexpr std::uint8_t ah_payload_length_ipv4 = 1;
constexpr std::uint8_t ah_payload_length_ipv6 = 2;

// Reserved SPIs
constexpr std::uint32_t spi_reserved_max = 255;
constexpr std::uint32_t spi_echo = 7;
constexpr std::uint32_t spi_echo_reply = 8;
constexpr std::uint32_t spi_control = 253;  ///< default, configurable

// Clear ESP echo (section 2): what follows the outer sequence number
constexpr int clear_echo_min_bytes = 4;  ///< identifier and sequence

// Control header (section 3)
constexpr int control_bytes = 16;
constexpr int control_version_words = 0;  ///< version and header length in words, 4 bits each
constexpr int control_type = 1;
constexpr int control_code = 2;
constexpr int control_flags = 3;
constexpr int control_length = 4;
constexpr int control_checksum = 6;
constexpr int control_subject = 8;
constexpr int control_transaction = 12;
constexpr std::uint8_t control_version = 1;
constexpr std::uint8_t control_header_words = 4;
constexpr std::uint8_t control_flag_nested = 0x01;

enum control_type_t : std::uint8_t {
  type_echo_request = 1,
  type_echo_reply = 2,
  type_error_clear = 3,
  type_error_protected = 4,
  type_private_first = 128  ///< 128..255; 5..127 are unassigned
};

// Nested ESP packet (section 4, RFC 4106): SPI | sequence | IV | ciphertext | ICV
constexpr int nested_spi = 0;
constexpr int nested_sequence = 4;
constexpr int nested_iv = 8;
constexpr int nested_ciphertext = 16;
constexpr int aad_bytes = 8;  ///< SPI and sequence
constexpr int icv_bytes = 16;
constexpr int nested_overhead = nested_ciphertext + icv_bytes;
constexpr int nested_min_bytes = 36;
constexpr int nested_alignment = 4;
constexpr int salt_bytes = 4;
constexpr int replay_window = 128;
constexpr int trailer_bytes = 2;  ///< pad length, next header
constexpr std::uint8_t trailer_next_header = 144;

// Body of an echo (section 5); offsets in the plaintext
constexpr int body_subtype = 0;
constexpr int body_flags = 1;
constexpr int body_data_length = 2;
constexpr int body_identifier = 4;
constexpr int body_sequence = 6;
constexpr int body_reply_spi = 8;
constexpr int body_data = 12;
constexpr std::uint8_t body_flag_reply = 0x80;  ///< R

enum subtype_t : std::uint8_t { subtype_request = 2, subtype_reply = 3, subtype_error = 200 };

// Telemetry block; offsets in the data of an echo
constexpr int telemetry_bytes = 48;
constexpr std::uint16_t telemetry_magic_value = 0x5350;
constexpr int telemetry_magic = 0;
constexpr int telemetry_version = 2;
constexpr int telemetry_flags = 3;
constexpr int telemetry_origin = 4;
constexpr int telemetry_receive = 12;
constexpr int telemetry_transmit = 20;
constexpr int telemetry_data_sequence = 28;
constexpr int telemetry_token = 32;
constexpr std::uint8_t telemetry_version_value = 1;
constexpr std::uint8_t telemetry_times_valid = 0x01;
constexpr std::uint8_t telemetry_data_sequence_valid = 0x02;
constexpr std::uint8_t telemetry_token_valid = 0x04;

// Errors (section 6)
constexpr int token_bytes = 16;
constexpr int error_bytes = 24;  ///< crash token, then SPI and sequence of the offending packet

enum error_code_t : std::uint8_t {
  error_unknown_spi = 1,
  error_icv = 2,
  error_replay = 3,
  error_malformed = 4,
  error_sa_down = 5,
  error_unsupported = 6
};

}  // namespace wire
}  // namespace sapulse
