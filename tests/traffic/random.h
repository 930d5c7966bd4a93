// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same with every standard library.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>

#include "bytes.h"

namespace sapulse::traffic {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  /// 0 <= result < limit, limit > 0.
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  /// low <= result <= high.
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  Bytes bytes(std::size_t size) {
    Bytes result(size);
    std::ranges::generate(result, [this] { return static_cast<std::uint8_t>(engine_() >> 56); });
    return result;
  }

  template <class Container>
  const auto& pick(const Container& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sapulse::traffic
