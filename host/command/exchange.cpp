// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

#include <algorithm>
#include <array>

#include "sapulse_wire.h"

namespace sapulse::command {
namespace {

/// FNV-1a, 64 bits (draft-eastlake-fnv).
class Hash {
 public:
  void add(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) value_ = (value_ ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3;
  }
  void add(std::uint64_t number) {
    for (unsigned i = 0; i < 8; ++i) value_ = (value_ ^ (number >> (8 * i) & 0xff)) * 0x100000001b3;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

/// Bytes of a frame, consumed from the front. After the first read beyond the end every read gives zeros and good() is
/// false.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> take(std::size_t count) {
    if (count > bytes_.size()) {
      good_ = false;
      bytes_ = {};
      return {};
    }
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  std::uint32_t number(std::size_t count) {
    std::uint32_t value = 0;
    for (const std::byte byte : take(count)) value = value << 8 | std::to_integer<std::uint32_t>(byte);
    return value;
  }
  /// Ends after `count` more bytes.
  void limit(std::size_t count) {
    if (count > bytes_.size()) good_ = false;
    bytes_ = bytes_.first(std::min(count, bytes_.size()));
  }
  [[nodiscard]] std::span<const std::byte> rest() const { return bytes_; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::span<const std::byte> bytes_;
  bool good_ = true;
};

/// Headers up to the outer sequence number.
struct Outer {
  std::span<const std::byte> macs[2];  // destination, source
  std::vector<std::uint32_t> tags;
  std::span<const std::byte> source;
  std::span<const std::byte> destination;
  std::uint8_t protocol = 0;
  std::uint32_t source_port = 0;
  std::uint32_t destination_port = 0;
  std::uint32_t spi = 0;
  std::uint32_t sequence = 0;
};

bool read_ipv4(Reader& reader, Outer& outer) {
  const std::uint32_t version_length = reader.number(1);
  const std::size_t header = (version_length & 0xf) * std::size_t{4};
  reader.take(1);
  const std::size_t total = reader.number(2);
  if (header < wire::ipv4_bytes || total < header) return false;
  reader.limit(total - 4);
  reader.take(4);
  reader.take(1);
  outer.protocol = static_cast<std::uint8_t>(reader.number(1));
  reader.take(2);
  outer.source = reader.take(4);
  outer.destination = reader.take(4);
  reader.take(header - wire::ipv4_bytes);
  return reader.good();
}

bool read_ipv6(Reader& reader, Outer& outer) {
  reader.take(4);
  const std::size_t payload = reader.number(2);
  outer.protocol = static_cast<std::uint8_t>(reader.number(1));
  reader.take(1);
  outer.source = reader.take(16);
  outer.destination = reader.take(16);
  reader.limit(payload);
  while (reader.good() &&
         (outer.protocol == wire::protocol_hop_by_hop || outer.protocol == wire::protocol_destination_options)) {
    outer.protocol = static_cast<std::uint8_t>(reader.number(1));
    const std::size_t length = (reader.number(1) + std::size_t{1}) * wire::ipv6_option_unit;
    reader.take(length - 2);
  }
  return reader.good();
}

bool read_encapsulation(Reader& reader, Outer& outer) {
  switch (outer.protocol) {
    case wire::protocol_udp: {
      outer.source_port = reader.number(2);
      outer.destination_port = reader.number(2);
      const std::size_t length = reader.number(2);
      reader.take(2);
      if (length < wire::udp_bytes) return false;
      reader.limit(length - wire::udp_bytes);
      break;
    }
    case wire::protocol_ah: {
      reader.take(1);
      const std::uint32_t words = reader.number(1);
      reader.take(2);
      outer.spi = reader.number(4);
      outer.sequence = reader.number(4);
      if (words < 1) return false;
      reader.take((words - 1) * std::size_t{4});
      return reader.good();
    }
    case wire::protocol_esp:
      break;
    default:
      return false;
  }
  outer.spi = reader.number(4);
  outer.sequence = reader.number(4);
  return reader.good();
}

std::optional<Outer> read_outer(Reader& reader) {
  Outer outer;
  outer.macs[0] = reader.take(wire::mac_bytes);
  outer.macs[1] = reader.take(wire::mac_bytes);
  std::uint32_t type = reader.number(2);
  while (type == wire::tpid_customer || type == wire::tpid_service) {
    outer.tags.push_back(type << 16 | reader.number(2));
    type = reader.number(2);
  }
  bool good = false;
  if (type == wire::ethertype_ipv4) good = read_ipv4(reader, outer);
  if (type == wire::ethertype_ipv6) good = read_ipv6(reader, outer);
  if (!good || !read_encapsulation(reader, outer)) return std::nullopt;
  return outer;
}

/// Adds what request and reply share; a reply is turned round first.
void add_outer(Hash& hash, const Outer& outer, bool reply) {
  hash.add(outer.macs[reply ? 1 : 0]);
  hash.add(outer.macs[reply ? 0 : 1]);
  for (const std::uint32_t tag : outer.tags) hash.add(tag);
  hash.add(reply ? outer.destination : outer.source);
  hash.add(reply ? outer.source : outer.destination);
  hash.add(outer.protocol);
  hash.add(reply ? outer.destination_port : outer.source_port);
  hash.add(reply ? outer.source_port : outer.destination_port);
  hash.add(outer.sequence);
}

}  // namespace

ExchangeParser::ExchangeParser(const Config& config) {
  for (const SaParameters& sa : config.sas) paired_.emplace(sa.in.spi, sa.out.spi);
}

std::optional<ExchangeKey> ExchangeParser::parse(std::span<const std::byte> frame) const {
  Reader reader(frame);
  const auto outer = read_outer(reader);
  if (!outer || outer->spi > wire::spi_reserved_max) return std::nullopt;

  ExchangeKey key;
  Hash hash;
  if (outer->spi == wire::spi_echo || outer->spi == wire::spi_echo_reply) {
    key.reply = outer->spi == wire::spi_echo_reply;
    key.clear = true;
    add_outer(hash, *outer, key.reply);
    hash.add(reader.rest());
    key.hash = hash.value();
    return key;
  }
  reader.take(1);
  const std::uint32_t type = reader.number(1);
  reader.take(2);
  const std::uint32_t length = reader.number(2);
  reader.take(2);
  std::uint32_t subject = reader.number(4);
  const std::uint32_t transaction = reader.number(4);
  if (!reader.good() || (type != wire::type_echo_request && type != wire::type_echo_reply)) return std::nullopt;
  key.reply = type == wire::type_echo_reply;
  if (!key.reply) {
    const auto pair = paired_.find(subject);
    if (pair == paired_.end()) return std::nullopt;
    subject = pair->second;
  }
  add_outer(hash, *outer, key.reply);
  for (const std::uint32_t number : {outer->spi, length, subject, transaction}) hash.add(number);
  key.hash = hash.value();
  return key;
}

void LatencyMatcher::request(const ExchangeKey& key, std::span<const std::byte> frame, std::uint64_t cycle) {
  Hash hash;
  hash.add(frame);
  if (!key.clear && !seen_.insert(hash.value()).second) return;
  groups_[key.hash].requests.push_back(cycle);
}

void LatencyMatcher::reply(const ExchangeKey& key, std::uint64_t cycle) { groups_[key.hash].replies.push_back(cycle); }

std::vector<std::uint64_t> LatencyMatcher::latencies() const {
  std::vector<std::uint64_t> latencies;
  for (const auto& [hash, group] : groups_) {
    if (group.requests.size() != group.replies.size()) continue;
    for (std::size_t i = 0; i < group.requests.size(); ++i) {
      if (group.replies[i] > group.requests[i]) latencies.push_back(group.replies[i] - group.requests[i]);
    }
  }
  std::ranges::sort(latencies);
  return latencies;
}

}  // namespace sapulse::command
