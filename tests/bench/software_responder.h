// SPDX-License-Identifier: Apache-2.0
// What one core needs for an encrypted ping: parse, find the SA, refuse replays, open, edit, seal. Frames come out of
// memory and stay there: no driver, no kernel, no allocation.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ping_cipher.h"
#include "traffic/config.h"

namespace sapulse::bench {

class SoftwareResponder {
 public:
  /// Speaks IPv4 without options or tags, and knows the associations of `config`.
  SoftwareResponder(const traffic::Config& config, std::unique_ptr<PingCipher> cipher);

  /// Makes each request that is to be answered its reply, in the same place; returns how many there were.
  std::size_t answer(std::span<traffic::Bytes> frames);
  /// Forgets which numbers have come.
  void forget();

 private:
  struct Sa {
    std::uint64_t highest = 0;              ///< of the numbers n that have come
    std::array<std::uint64_t, 2> window{};  ///< bit i: highest - i has come
    std::uint64_t next = 1;
    std::uint32_t out_spi = 0;
  };
  struct Slot {
    std::uint32_t spi = 0;  ///< 0: empty
    std::uint32_t sa = 0;
  };

  [[nodiscard]] const Slot* find(std::uint32_t spi) const;
  bool parse(traffic::Bytes& frame, CipherJob& job) const;
  static bool is_new(const Sa& sa, std::uint64_t n);
  static void accept(Sa& sa, std::uint64_t n);
  bool edit(traffic::Bytes& frame, CipherJob& job);
  std::size_t answer_burst(std::span<traffic::Bytes> frames);

  unsigned control_spi_;
  std::unique_ptr<PingCipher> cipher_;
  std::vector<Sa> sas_;
  std::vector<Slot> slots_;  ///< open addressing; twice as many as SAs, a power of two
};

}  // namespace sapulse::bench
