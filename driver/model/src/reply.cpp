// SPDX-License-Identifier: Apache-2.0
#include "reply.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace sapulse::model {
namespace {

// A telemetry block ends in the second beat.
using Head = std::array<std::byte, 2 * kBeatSize>;

/// A big-endian number.
template <class T>
T number(std::span<const std::byte> head, std::size_t offset) {
  std::uint64_t value = 0;
  for (const std::byte byte : head.subspan(offset, sizeof(T)))
    value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return static_cast<T>(value);
}

}  // namespace

Reply read_reply(const Reply& known, const Payload& plain) {
  constexpr std::size_t kBody = wire::nested_ciphertext;
  constexpr std::size_t kData = kBody + wire::echo_bytes;
  Head head{};
  for (std::size_t beat = 0; beat < std::min<std::size_t>(plain.size(), 2); ++beat) {
    std::memcpy(&head[beat * kBeatSize], &plain[beat].data, kBeatSize);
  }
  Reply reply = known;
  reply.consistent = number<std::uint32_t>(head, kBody + wire::echo_identifier) == known.transaction;
  if (number<std::uint16_t>(head, kBody + wire::echo_data_length) < wire::telemetry_bytes ||
      number<std::uint16_t>(head, kData + wire::telemetry_magic) != wire::telemetry_magic_value) {
    return reply;
  }
  reply.flags = number<std::uint8_t>(head, kData + wire::telemetry_flags);
  reply.t_origin = number<std::uint64_t>(head, kData + wire::telemetry_origin);
  reply.t_receive = number<std::uint64_t>(head, kData + wire::telemetry_receive);
  reply.t_transmit = number<std::uint64_t>(head, kData + wire::telemetry_transmit);
  reply.data_sequence = number<std::uint32_t>(head, kData + wire::telemetry_data_sequence);
  std::ranges::copy(std::span(head).subspan(kData + wire::telemetry_token, reply.token.size()), reply.token.begin());
  std::ranges::copy(std::span(head).subspan(kData + wire::telemetry_token_nonce, reply.token_nonce.size()),
                    reply.token_nonce.begin());
  return reply;
}

}  // namespace sapulse::model
