// SPDX-License-Identifier: Apache-2.0
// Tells which frames ask and which answer, and how long each answer took.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sapulse/config.h"

namespace sapulse::command {

/// What a frame of an exchange has in common with its counterpart: everything that the card copies into an answer
/// (addresses, tags, ports, outer sequence number, transaction or clear payload, length) and the pair of SAs, hashed.
struct ExchangeKey {
  bool reply = false;
  bool clear = false;  ///< SPI 7 and 8: identical requests are all answered
  std::uint64_t hash = 0;
};

/// Offset of the control header in a frame; nothing unless the frame carries a reserved SPI other than those of clear
/// echoes.
std::optional<std::size_t> control_offset(std::span<const std::byte> frame);

/// Reads the headers of frames. Knows from the configuration which SAs are paired.
class ExchangeParser {
 public:
  explicit ExchangeParser(const Config& config);

  /// Nothing for a frame that is neither an echo request nor an echo reply, encrypted or clear.
  [[nodiscard]] std::optional<ExchangeKey> parse(std::span<const std::byte> frame) const;

 private:
  std::unordered_map<std::uint32_t, std::uint32_t> paired_;  // inbound SPI to outbound SPI
};

/// Pairs replies with requests. Requests and replies with the same key pair up in order, since the card answers in
/// order. A group with fewer replies than distinct requests (some were refused) gives no sample: which ones is not
/// visible from outside.
class LatencyMatcher {
 public:
  /// `frame`: to recognise an identical copy of an encrypted request, a replay that is never answered.
  void request(const ExchangeKey& key, std::span<const std::byte> frame, std::uint64_t cycle);
  void reply(const ExchangeKey& key, std::uint64_t cycle);

  /// Cycles from the first beat of the request to the first beat of the reply, ascending.
  [[nodiscard]] std::vector<std::uint64_t> latencies() const;

 private:
  struct Group {
    std::vector<std::uint64_t> requests;
    std::vector<std::uint64_t> replies;
  };
  std::unordered_map<std::uint64_t, Group> groups_;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace sapulse::command
