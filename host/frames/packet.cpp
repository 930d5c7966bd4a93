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
constexpr std::size_t kProtectedBodyBytes = wire::body_data + wire::error_bytes;
constexpr std::size_t kProtectedPlaintextBytes =
    (kProtectedBodyBytes + wire::trailer_bytes + wire::nested_alignment - 1) / wire::nested_alignment *
    wire::nested_alignment;
static_assert(kProtectedPlaintextBytes <= regs::kMessageBodyBytes);
constexpr unsigned kIpv4LengthMask = 0xf;  ///< header length in words, in the first byte

std::size_t ip_header_bytes(bool ipv6) { return ipv6 ? wire::ipv6_bytes : wire::ipv4_bytes; }

/// From the ESP or AH header to the message.
std::size_t security_header_bytes(const OffendingPacket& packet) {
  if (packet.encapsulation != Encapsulation::kAh) return wire::esp_bytes;
  return packet.ipv6 ? wire::ah_bytes_ipv6 : wire::ah_bytes_ipv4;
}

std::size_t udp_header_bytes(const OffendingPacket& packet) {
  return packet.encapsulation == Encapsulation::kUdp ? wire::udp_bytes : 0;
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
  reader.skip(wire::control_length - wire::control_flags);
  header.length = reader.get16();
  reader.skip(wire::control_subject - wire::control_checksum);
  header.subject = reader.get32();
  header.transaction = reader.get32();
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

void write_security_header(ByteWriter& writer, const OffendingPacket& packet, std::uint32_t outer_spi) {
  if (packet.encapsulation == Encapsulation::kUdp) {
    writer.put16(packet.dport);
    writer.put16(packet.sport);
    writer.put16(wire::udp_bytes + wire::esp_bytes + kErrorMessageBytes);
    writer.put16(0);  // checksum
  }
  if (packet.encapsulation == Encapsulation::kAh) {
    writer.put8(wire::protocol_experiment);
    writer.put8(packet.ipv6 ? wire::ah_payload_length_ipv6 : wire::ah_payload_length_ipv4);
    writer.put16(0);  // reserved
  }
  writer.put32(outer_spi);
  writer.put32(packet.sequence);
  if (packet.encapsulation == Encapsulation::kAh && packet.ipv6) writer.put32(0);  // padding to 8 bytes
}

void write_message(ByteWriter& writer, const ClearError& error) {
  const std::size_t start = writer.size();
  writer.put8(wire::control_version << 4 | wire::control_header_words);
  writer.put8(wire::type_error_clear);
  writer.put8(error.code);
  writer.put8(0);  // flags: the payload is no nested packet
  writer.put16(kErrorMessageBytes);
  writer.put16(0);  // checksum, below
  writer.put32(error.subject);
  writer.put32(error.transaction);
  writer.patch16(start + wire::control_checksum, internet_checksum(writer.bytes().subspan(start, wire::control_bytes)));
  writer.put(error.token);
  writer.put32(error.spi);
  writer.put32(error.sequence);
}

/// Whether the IPv4 header at an offset is all there and has the right checksum.
bool is_ipv4_header(std::span<const std::uint8_t> bytes, std::size_t offset) {
  if (offset >= bytes.size()) return false;
  const std::size_t length = (bytes[offset] & kIpv4LengthMask) * std::size_t{4};
  if (length < wire::ipv4_bytes || bytes.size() - offset < length) return false;
  return internet_checksum(bytes.subspan(offset, length)) == 0;
}

ReceivedError read_error(ByteReader& reader, std::uint8_t code) {
  ReceivedError error{.code = code, .token = {}, .spi = 0, .sequence = 0};
  const auto token = reader.get(error.token.size());
  std::copy(token.begin(), token.end(), error.token.begin());
  error.spi = reader.get32();
  error.sequence = reader.get32();
  return error;
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
  if (packet.encapsulation == Encapsulation::kUdp) {
    packet.sport = udp.get16();
    packet.dport = udp.get16();
  }
  const std::size_t spi_offset = packet.encapsulation == Encapsulation::kAh ? wire::ah_spi : 0;
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
  const ReceivedClearError result{
      .from = packet->src, .to = packet->dst, .subject = control->subject, .error = read_error(reader, control->code)};
  if (!reader.good()) return failure(Errc::parse_error, "exception: the clear error is cut short");
  return result;
}

Result<ReceivedError> parse_protected_error(const Exception& exception) {
  if (!exception.decrypted) return failure(Errc::parse_error, "exception: the snapshot is not decrypted");
  ByteReader body(exception.snapshot, wire::nested_ciphertext);
  const std::uint8_t subtype = body.get8();
  body.skip(wire::body_data_length - wire::body_flags);
  const std::uint16_t length = body.get16();
  body.skip(wire::body_data - wire::body_identifier);
  const ReceivedError error = read_error(body, exception.code);
  if (!body.good() || subtype != wire::subtype_error || length < wire::error_bytes) {
    return failure(Errc::parse_error, "exception: not a protected error");
  }
  return error;
}

std::vector<std::uint8_t> build_protected_error(const ReceivedError& error) {
  ByteWriter writer;
  writer.put8(wire::subtype_error);
  writer.put8(0);
  writer.put16(wire::error_bytes);
  writer.pad_to(wire::body_data);
  writer.put(error.token);
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
  return ip_header_bytes(packet.ipv6) + udp_header_bytes(packet) + security_header_bytes(packet) + kErrorMessageBytes;
}

void write_answer_headers(ByteWriter& writer, const OffendingPacket& packet, std::uint8_t protocol,
                          std::size_t payload) {
  writer.put(packet.mac_src.bytes());
  writer.put(packet.mac_dst.bytes());
  writer.put(packet.vlan_tags);
  writer.put16(packet.ipv6 ? wire::ethertype_ipv6 : wire::ethertype_ipv4);
  packet.ipv6 ? write_ipv6(writer, packet, protocol, payload) : write_ipv4(writer, packet, protocol, payload);
}

std::vector<std::uint8_t> build_error(const OffendingPacket& packet, const ClearError& error) {
  ByteWriter writer;
  const std::uint8_t protocol = packet.encapsulation == Encapsulation::kUdp  ? wire::protocol_udp
                                : packet.encapsulation == Encapsulation::kAh ? wire::protocol_ah
                                                                             : wire::protocol_esp;
  write_answer_headers(writer, packet, protocol, error_ip_length(packet) - ip_header_bytes(packet.ipv6));
  write_security_header(writer, packet, error.outer_spi);
  write_message(writer, error);
  writer.pad_to(wire::frame_min_bytes);
  return writer.take();
}

}  // namespace sapulse
