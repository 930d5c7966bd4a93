// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

#include <algorithm>
#include <array>

#include "outer_headers.h"
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

/// Adds what request and reply share; a reply is turned round first.
void add_outer(Hash& hash, const OuterHeaders& outer, bool reply) {
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

std::optional<std::size_t> control_offset(std::span<const std::byte> frame) {
  FrameReader reader(frame);
  const auto outer = read_outer_headers(reader);
  if (!outer || outer->spi > wire::spi_reserved_max) return std::nullopt;
  if (outer->spi == wire::spi_echo || outer->spi == wire::spi_echo_reply) return std::nullopt;
  return static_cast<std::size_t>(reader.rest().data() - frame.data());
}

ExchangeParser::ExchangeParser(const Config& config) {
  for (const SaParameters& sa : config.sas) paired_.emplace(sa.in.spi, sa.out.spi);
}

std::optional<ExchangeKey> ExchangeParser::parse(std::span<const std::byte> frame) const {
  FrameReader reader(frame);
  const auto outer = read_outer_headers(reader);
  if (!outer || outer->spi > wire::spi_reserved_max) return std::nullopt;

  ExchangeKey key;
  Hash hash;
  if (outer->spi == wire::spi_echo || outer->spi == wire::spi_echo_reply) {
    key.reply = outer->spi == wire::spi_echo_reply;
    key.clear = true;
    add_outer(hash, *outer, key.reply);
    reader.take(wire::echo_data_length);  // sub-type and flags differ
    const std::uint32_t length = reader.number(2);
    hash.add(reader.take(wire::echo_bytes - wire::echo_identifier));
    hash.add(reader.take(length));
    if (!reader.good()) return std::nullopt;
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
