// SPDX-License-Identifier: Apache-2.0
#include "sa_record.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

#include "bytes.h"
#include "checksum.h"

namespace sapulse {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kHeadBytes = kLengthBytes + kChecksumBytes;
/// The last byte of a record. What a crash leaves ends before it, or with zeros.
constexpr std::uint8_t kEnd = '\n';
constexpr std::size_t kTailBytes = kChecksumBytes + 1;
constexpr std::size_t kLongestName = 0xffff;

class Encoder {
 public:
  void number(std::uint64_t value, unsigned bytes) {
    for (unsigned i = bytes; i-- > 0;) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void bytes(std::span<const std::uint8_t> bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void direction(const SaDirection& direction) {
    number(direction.spi, 4);
    for (const auto part : {direction.key.bytes(), direction.salt.bytes(), direction.integrity.bytes()}) {
      number(part.size(), 1);
      bytes(part);
    }
  }
  void path(const Path& path) {
    bytes(path.own_mac.bytes());
    bytes(path.peer_mac.bytes());
    number(path.tags.size(), 1);
    for (const VlanTag& tag : path.tags) number(std::uint32_t{tag.tpid} << 16 | tag.tci, 4);
    number(static_cast<std::uint64_t>(path.encapsulation), 1);
    number(path.own_port, 2);
    number(path.peer_port, 2);
    number(path.control_spi, 1);
    number(path.dscp, 1);
  }
  void liveness(const LivenessSettings& settings) {
    number(static_cast<std::uint64_t>(settings.mode), 1);
    number(static_cast<std::uint64_t>(settings.interval.count()), 8);
    number(settings.multiplier, 1);
    number(settings.suspect ? *settings.suspect + 1 : 0, 2);
    number(settings.jitter_percent, 1);
    number(settings.data_bytes, 2);
    number(settings.data_alive ? 1 : 0, 1);
  }
  void sa(const SaParameters& sa) {
    const std::size_t length = std::min(sa.name.size(), kLongestName);
    number(length, 2);
    bytes({reinterpret_cast<const std::uint8_t*>(sa.name.data()), length});
    bytes(sa.local.bytes());
    bytes(sa.peer.bytes());
    direction(sa.in);
    direction(sa.out);
    number(sa.plain ? 1 : 0, 1);
    bytes(sa.token_nonce.value_or(TokenNonce{}));
    number(sa.admin_down ? 1 : 0, 1);
    number(sa.path ? 1 : 0, 1);
    if (sa.path) path(*sa.path);
    number(sa.liveness ? 1 : 0, 1);
    if (sa.liveness) liveness(*sa.liveness);
  }
  SecretBuffer& out() { return out_; }

 private:
  SecretBuffer out_;
};

class Decoder {
 public:
  explicit Decoder(std::span<const std::uint8_t> bytes) : reader_(bytes) {}

  std::uint64_t number(unsigned bytes) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < bytes; ++i) value = value << 8 | reader_.get8();
    return value;
  }
  template <std::size_t Size>
  std::array<std::uint8_t, Size> bytes() {
    std::array<std::uint8_t, Size> result{};
    std::ranges::copy(reader_.get(Size), result.begin());
    return result;
  }
  SaDirection direction() {
    SaDirection direction;
    direction.spi = static_cast<std::uint32_t>(number(4));
    direction.key = Key(reader_.get(number(1)));
    direction.salt = Salt(reader_.get(number(1)));
    direction.integrity = Key(reader_.get(number(1)));
    return direction;
  }
  Path path() {
    Path path;
    path.own_mac = MacAddress(bytes<6>());
    path.peer_mac = MacAddress(bytes<6>());
    path.tags.resize(number(1) % (wire::vlan_tags_max + 1));
    for (VlanTag& tag : path.tags) {
      tag.tpid = static_cast<std::uint16_t>(number(2));
      tag.tci = static_cast<std::uint16_t>(number(2));
    }
    path.encapsulation = static_cast<Encapsulation>(number(1));
    path.own_port = static_cast<std::uint16_t>(number(2));
    path.peer_port = static_cast<std::uint16_t>(number(2));
    path.control_spi = static_cast<std::uint8_t>(number(1));
    path.dscp = static_cast<std::uint8_t>(number(1));
    return path;
  }
  LivenessSettings liveness() {
    LivenessSettings settings;
    settings.mode = static_cast<ProbeMode>(number(1));
    settings.interval = std::chrono::nanoseconds(static_cast<std::int64_t>(number(8)));
    settings.multiplier = static_cast<unsigned>(number(1));
    if (const auto suspect = static_cast<unsigned>(number(2)); suspect > 0) settings.suspect = suspect - 1;
    settings.jitter_percent = static_cast<unsigned>(number(1));
    settings.data_bytes = number(2);
    settings.data_alive = number(1) != 0;
    return settings;
  }
  SaParameters sa() {
    SaParameters sa;
    const auto name = reader_.get(number(2));
    sa.name.assign(name.begin(), name.end());
    sa.local = IpAddress::from_bytes(bytes<16>());
    sa.peer = IpAddress::from_bytes(bytes<16>());
    sa.in = direction();
    sa.out = direction();
    sa.plain = number(1) != 0;
    if (const auto nonce = bytes<wire::token_nonce_bytes>(); nonce != TokenNonce{}) sa.token_nonce = nonce;
    sa.admin_down = number(1) != 0;
    if (number(1) != 0) sa.path = path();
    if (number(1) != 0) sa.liveness = liveness();
    return sa;
  }
  [[nodiscard]] bool good() const { return reader_.good(); }

 private:
  ByteReader reader_;
};

bool is_zero(std::span<const std::uint8_t> bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

SecretBuffer encode_payload(std::span<const std::uint32_t> removed, std::span<const SaParameters> put) {
  Encoder payload;
  payload.number(removed.size(), 4);
  payload.number(put.size(), 4);
  for (const std::uint32_t spi : removed) payload.number(spi, 4);
  for (const SaParameters& sa : put) payload.sa(sa);
  return std::move(payload.out());
}

/// Nothing if the bytes are not what would be written for a change.
std::optional<SaChange> decode_payload(std::span<const std::uint8_t> payload) {
  Decoder decoder(payload);
  SaChange change;
  const std::uint64_t removed = decoder.number(4);
  const std::uint64_t put = decoder.number(4);
  for (std::uint64_t i = 0; i < removed && decoder.good(); ++i) {
    change.removed.push_back(static_cast<std::uint32_t>(decoder.number(4)));
  }
  for (std::uint64_t i = 0; i < put && decoder.good(); ++i) {
    change.put.push_back(decoder.sa());
    if (!validate(change.put.back())) return std::nullopt;
  }
  if (!decoder.good() || !std::ranges::equal(encode_payload(change.removed, change.put), payload)) return std::nullopt;
  return change;
}

}  // namespace

SecretBuffer encode_change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put) {
  const SecretBuffer payload = encode_payload(removed, put);
  Encoder record;
  record.number(payload.size(), kLengthBytes);
  record.bytes(checksum(record.out()));
  record.bytes(payload);
  record.bytes(checksum(payload));
  record.number(kEnd, 1);
  return std::move(record.out());
}

DecodedChange decode_change(std::span<const std::uint8_t> bytes) {
  using Kind = DecodedChange::Kind;
  const auto without_change = [](Kind kind) { return DecodedChange{.kind = kind, .size = 0, .change = {}}; };
  if (bytes.size() < kHeadBytes) return without_change(Kind::torn);
  ByteReader reader(bytes);
  const std::size_t length = reader.get32();
  if (!std::ranges::equal(reader.get(kChecksumBytes), checksum(bytes.first(kLengthBytes)))) {
    return without_change(is_zero(bytes.subspan(kHeadBytes)) ? Kind::torn : Kind::damaged);
  }
  const auto payload = reader.get(length);
  const auto sum = reader.get(kChecksumBytes);
  const std::uint8_t end = reader.get8();
  const std::size_t size = kHeadBytes + length + kTailBytes;
  if (!reader.good() || (end == 0 && is_zero(bytes.subspan(size)))) return without_change(Kind::torn);
  if (end != kEnd || !std::ranges::equal(sum, checksum(payload))) return without_change(Kind::damaged);
  auto change = decode_payload(payload);
  if (!change) return without_change(Kind::damaged);
  return {.kind = Kind::change, .size = size, .change = std::move(*change)};
}

}  // namespace sapulse
