// SPDX-License-Identifier: Apache-2.0
#include "packet.h"

#include <algorithm>

#include "bytes.h"
#include "sapulse_wire.h"

namespace sapulse {
namespace {

/// From the end of the total length to the source address.
constexpr std::size_t kIpv4AfterLength = wire::ipv4_source - wire::ipv4_total_length - 2;
constexpr std::size_t kErrorMessageBytes = wire::control_bytes + wire::error_bytes;
/// Body of a protected error, padded to a multiple of 4 with its trailer.
constexpr std::size_t kProtectedBodyBytes = wire::echo_bytes + wire::protected_error_bytes;
constexpr std::size_t kProtectedPlaintextBytes =
    (kProtectedBodyBytes + wire::trailer_bytes + wire::nested_alignment - 1) / wire::nested_alignment *
    wire::nested_alignment;
static_assert(kProtectedPlaintextBytes <= regs::kMessageBodyBytes);
constexpr unsigned kIpv4LengthMask = 0xf;  ///< header length in words, in the first byte

std::size_t ip_header_bytes(bool ipv6) { return ipv6 ? wire::ipv6_bytes : wire::ipv4_bytes; }

/// From the ESP or AH header to the message.
std::size_t security_header_bytes(const OffendingPacket& packet) {
  if (packet.encapsulation != Encapsulation::ah) return wire::esp_bytes;
  return packet.ipv6 ? wire::ah_bytes_ipv6 : wire::ah_bytes_ipv4;
}

std::size_t udp_header_bytes(const OffendingPacket& packet) {
  return packet.encapsulation == Encapsulation::udp ? wire::udp_bytes : 0;
}

std::uint8_t protocol_of(Encapsulation encapsulation) {
  switch (encapsulation) {
    case Encapsulation::udp:
      return wire::protocol_udp;
    case Encapsulation::ah:
      return wire::protocol_ah;
    default:
      return wire::protocol_esp;
  }
}

MacAddress read_mac(ByteReader& reader) {
  MacAddress::Bytes bytes{};
  const auto field = reader.get(bytes.size());
  std::copy(field.begin(), field.end(), bytes.begin());
  return MacAddress(bytes);
}

void read_ipv4(ByteReader& reader, OffendingPacket& packet) {
  reader.skip(1);  // version and header length: the card has walked over the options
  packet.dscp = static_cast<std::uint8_t>(reader.get8() >> 2);
  packet.ip_length = reader.get16();
  reader.skip(kIpv4AfterLength);
  packet.src = IpAddress::v4(reader.get32());
  packet.dst = IpAddress::v4(reader.get32());
}

IpAddress read_ipv6_address(ByteReader& reader) {
  IpAddress::Bytes bytes{};
  const auto field = reader.get(bytes.size());
  std::copy(field.begin(), field.end(), bytes.begin());
  return IpAddress::from_bytes(bytes);
}

void read_ipv6(ByteReader& reader, OffendingPacket& packet) {
  const std::uint32_t word = reader.get32();  // version, traffic class, flow label
  packet.dscp = static_cast<std::uint8_t>(word >> 22 & 0x3f);
  packet.ip_length = wire::ipv6_bytes + std::size_t{reader.get16()};
  reader.skip(2);
  packet.src = read_ipv6_address(reader);
  packet.dst = read_ipv6_address(reader);
}

std::optional<ControlHeader> read_control(ByteReader reader) {
  const std::uint8_t version_words = reader.get8();
  ControlHeader header;
  header.type = reader.get8();
  header.code = reader.get8();
  header.flags = reader.get8();
  header.length = reader.get16();
  reader.skip(wire::control_subject - wire::control_checksum);
  header.subject = reader.get32();
  header.transaction = reader.get32();
  const auto nonce = reader.get(header.token_nonce.size());
  std::ranges::copy(nonce, header.token_nonce.begin());
  const bool known = version_words == (wire::control_version << 4 | wire::control_header_words);
  if (!reader.good() || !known) return std::nullopt;
  return header;
}

void write_ipv4(ByteWriter& writer, const OffendingPacket& packet, std::uint8_t protocol, std::size_t payload) {
  const std::size_t start = writer.size();
  writer.put8(0x40 | wire::ipv4_bytes / 4);
  writer.put8(static_cast<std::uint8_t>(packet.dscp << 2));
  writer.put16(static_cast<std::uint16_t>(wire::ipv4_bytes + payload));
  writer.put16(0);  // identification
  writer.put16(wire::ipv4_dont_fragment);
  writer.put8(wire::answer_ttl);
  writer.put8(protocol);
  writer.put16(0);  // checksum, below
  writer.put32(packet.dst.v4_value());
  writer.put32(packet.src.v4_value());
  writer.patch16(start + wire::ipv4_checksum, internet_checksum(writer.bytes().subspan(start, wire::ipv4_bytes)));
}

void write_ipv6(ByteWriter& writer, const OffendingPacket& packet, std::uint8_t protocol, std::size_t payload) {
  writer.put32(std::uint32_t{6} << 28 | std::uint32_t{packet.dscp} << 22);
  writer.put16(static_cast<std::uint16_t>(payload));
  writer.put8(protocol);
  writer.put8(wire::answer_ttl);
  writer.put(packet.dst.bytes());
  writer.put(packet.src.bytes());
}

void write_security_header(ByteWriter& writer, const OffendingPacket& packet, std::uint32_t outer_spi,
                           std::size_t message) {
  if (packet.encapsulation == Encapsulation::udp) {
    writer.put16(packet.dport);
    writer.put16(packet.sport);
    writer.put16(static_cast<std::uint16_t>(wire::udp_bytes + wire::esp_bytes + message));
    writer.put16(0);  // checksum, see write_udp_checksum()
  }
  if (packet.encapsulation == Encapsulation::ah) {
    writer.put8(wire::protocol_experiment);
    writer.put8(packet.ipv6 ? wire::ah_payload_length_ipv6 : wire::ah_payload_length_ipv4);
    writer.put16(0);  // reserved
  }
  writer.put32(outer_spi);
  writer.put32(packet.sequence);
  if (packet.encapsulation == Encapsulation::ah && packet.ipv6) writer.put32(0);  // padding to 8 bytes
}

/// `ip`: offset of the IPv6 header of a frame that ends with the UDP datagram (RFC 8200 section 8.1).
void write_udp_checksum(ByteWriter& writer, std::size_t ip) {
  const std::size_t udp = ip + wire::ipv6_bytes;
  ByteWriter summed;
  summed.put32(static_cast<std::uint32_t>(writer.size() - udp));
  summed.put32(wire::protocol_udp);
  summed.put(writer.bytes().subspan(ip + wire::ipv6_source));  // both addresses, the datagram
  const std::uint16_t checksum = internet_checksum(summed.bytes());
  writer.patch16(udp + wire::udp_checksum, checksum != 0 ? checksum : 0xffff);
}

std::vector<std::uint8_t> error_message(const ClearError& error) {
  ByteWriter writer;
  writer.put8(wire::control_version << 4 | wire::control_header_words);
  writer.put8(wire::type_error_clear);
  writer.put8(error.code);
  writer.put8(0);  // flags: the payload is no nested packet
  writer.put16(kErrorMessageBytes);
  writer.put16(0);  // checksum, below
  writer.put32(error.subject);
  writer.put32(error.transaction);
  writer.put(error.token_nonce);
  writer.patch16(wire::control_checksum, internet_checksum(writer.bytes()));
  writer.put(error.token);
  writer.put32(error.spi);
  writer.put32(error.sequence);
  return writer.take();
}

/// Whether the IPv4 header at an offset is all there and has the right checksum.
bool is_ipv4_header(std::span<const std::uint8_t> bytes, std::size_t offset) {
  if (offset >= bytes.size()) return false;
  const std::size_t length = (bytes[offset] & kIpv4LengthMask) * std::size_t{4};
  if (length < wire::ipv4_bytes || bytes.size() - offset < length) return false;
  return internet_checksum(bytes.subspan(offset, length)) == 0;
}

}  // namespace

std::uint16_t internet_checksum(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8 : bytes[i];
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

Result<OffendingPacket> parse_offending(const Exception& exception) {
  const auto bad = [](const char* what) { return failure(Errc::parse_error, std::string("exception: ") + what); };
  if (exception.decrypted) return bad("the snapshot is not a frame");
  OffendingPacket packet;
  packet.ipv6 = exception.ipv6;
  packet.encapsulation = exception.encapsulation;

  ByteReader reader(exception.snapshot);
  packet.mac_dst = read_mac(reader);
  packet.mac_src = read_mac(reader);
  const auto tags = reader.get(std::size_t{exception.vlan_tags} * wire::vlan_bytes);
  packet.vlan_tags.assign(tags.begin(), tags.end());
  const std::uint16_t ethertype = reader.get16();
  if (ethertype != (packet.ipv6 ? wire::ethertype_ipv6 : wire::ethertype_ipv4))
    return bad("the snapshot is of another EtherType");
  const std::size_t ip = wire::ethernet_bytes + tags.size();
  if (!packet.ipv6 && !is_ipv4_header(exception.snapshot, ip)) return bad("the IPv4 header is damaged");
  packet.ipv6 ? read_ipv6(reader, packet) : read_ipv4(reader, packet);

  const std::size_t ip_end = ip + ip_header_bytes(packet.ipv6);
  if (!reader.good() || exception.esp_offset < ip_end + udp_header_bytes(packet)) return bad("the headers do not fit");
  ByteReader udp(exception.snapshot, exception.esp_offset - udp_header_bytes(packet));
  if (packet.encapsulation == Encapsulation::udp) {
    packet.sport = udp.get16();
    packet.dport = udp.get16();
    udp.skip(wire::udp_checksum - wire::udp_length);
    packet.udp_checksum = udp.get16();
  }
  const std::size_t spi_offset = packet.encapsulation == Encapsulation::ah ? wire::ah_spi : 0;
  ByteReader security(exception.snapshot, exception.esp_offset + spi_offset);
  packet.spi = security.get32();
  packet.sequence = security.get32();
  if (!udp.good() || !security.good()) return bad("the snapshot ends within the headers");
  packet.message = exception.esp_offset + security_header_bytes(packet);
  if (packet.spi <= wire::spi_reserved_max) {
    packet.control = read_control(ByteReader(exception.snapshot, packet.message));
    ByteReader type(exception.snapshot, packet.message + wire::control_type);
    packet.type = type.get8();
    if (!type.good()) packet.type.reset();
  }
  return packet;
}

OffendingPacket packet_from_peer(const SaInfo& sa, const Path& path, std::uint32_t sequence) {
  OffendingPacket packet;
  packet.mac_dst = path.own_mac;
  packet.mac_src = path.peer_mac;
  ByteWriter tags;
  for (const VlanTag& tag : path.tags) {
    tags.put16(tag.tpid);
    tags.put16(tag.tci);
  }
  packet.vlan_tags = tags.take();
  packet.ipv6 = !sa.local.is_v4();
  packet.dscp = path.dscp;
  packet.src = sa.peer;
  packet.dst = sa.local;
  packet.encapsulation = path.encapsulation;
  packet.sport = path.peer_port;
  packet.dport = path.own_port;
  packet.spi = path.control_spi;
  packet.sequence = sequence;
  return packet;
}

Result<ReceivedClearError> parse_clear_error(const Exception& exception) {
  const auto packet = parse_offending(exception);
  if (!packet) return tl::unexpected(packet.error());
  const auto& control = packet->control;
  if (!control || control->type != wire::type_error_clear || control->length < kErrorMessageBytes) {
    return failure(Errc::parse_error, "exception: not a clear error");
  }
  ByteReader reader(exception.snapshot, packet->message + wire::control_bytes);
  ReceivedClearError result{.from = packet->src, .to = packet->dst, .subject = control->subject, .error = {}};
  result.error.code = control->code;
  std::ranges::copy(reader.get(result.error.token.size()), result.error.token.begin());
  result.error.spi = reader.get32();
  result.error.sequence = reader.get32();
  if (!reader.good()) return failure(Errc::parse_error, "exception: the clear error is cut short");
  return result;
}

Result<ReceivedError> parse_protected_error(const Exception& exception) {
  if (!exception.decrypted) return failure(Errc::parse_error, "exception: the snapshot is not decrypted");
  // The control header is not authenticated: code and transaction are those inside.
  ByteReader body(exception.snapshot, wire::nested_ciphertext);
  const std::uint8_t subtype = body.get8();
  ReceivedError error;
  error.code = body.get8();
  const std::uint16_t length = body.get16();
  body.skip(wire::echo_bytes - wire::echo_identifier);
  error.transaction = body.get32();
  error.spi = body.get32();
  error.sequence = body.get32();
  if (!body.good() || subtype != wire::subtype_error || length < wire::protected_error_bytes) {
    return failure(Errc::parse_error, "exception: not a protected error");
  }
  return error;
}

std::vector<std::uint8_t> build_protected_error(const ProtectedError& error) {
  ByteWriter writer;
  writer.put8(wire::subtype_error);
  writer.put8(error.code);
  writer.put16(wire::protected_error_bytes);
  writer.pad_to(wire::echo_bytes);  // identifier and sequence are 0
  writer.put32(error.transaction);
  writer.put32(error.spi);
  writer.put32(error.sequence);
  const std::size_t padding = kProtectedPlaintextBytes - kProtectedBodyBytes - wire::trailer_bytes;
  for (std::size_t i = 1; i <= padding; ++i) writer.put8(static_cast<std::uint8_t>(i));
  writer.put8(static_cast<std::uint8_t>(padding));
  writer.put8(wire::trailer_next_header);
  return writer.take();
}

std::size_t protected_error_ip_length(const OffendingPacket& packet) {
  return error_ip_length(packet) - wire::error_bytes + wire::nested_overhead + kProtectedPlaintextBytes;
}

std::size_t error_ip_length(const OffendingPacket& packet) {
  return ip_header_bytes(packet.ipv6) + encapsulation_bytes(packet) + kErrorMessageBytes;
}

std::size_t encapsulation_bytes(const OffendingPacket& packet) {
  return udp_header_bytes(packet) + security_header_bytes(packet);
}

void write_answer_headers(ByteWriter& writer, const OffendingPacket& packet, std::uint8_t protocol,
                          std::size_t payload) {
  writer.put(packet.mac_src.bytes());
  writer.put(packet.mac_dst.bytes());
  writer.put(packet.vlan_tags);
  writer.put16(packet.ipv6 ? wire::ethertype_ipv6 : wire::ethertype_ipv4);
  packet.ipv6 ? write_ipv6(writer, packet, protocol, payload) : write_ipv4(writer, packet, protocol, payload);
}

std::vector<std::uint8_t> build_answer(const OffendingPacket& packet, std::uint32_t outer_spi,
                                       std::span<const std::uint8_t> message) {
  ByteWriter writer;
  write_answer_headers(writer, packet, protocol_of(packet.encapsulation), encapsulation_bytes(packet) + message.size());
  write_security_header(writer, packet, outer_spi, message.size());
  writer.put(message);
  if (packet.ipv6 && packet.encapsulation == Encapsulation::udp) {
    write_udp_checksum(writer, wire::ethernet_bytes + packet.vlan_tags.size());
  }
  writer.pad_to(wire::frame_min_bytes);
  return writer.take();
}

std::vector<std::uint8_t> build_error(const OffendingPacket& packet, const ClearError& error) {
  return build_answer(packet, error.outer_spi, error_message(error));
}

}  // namespace sapulse
