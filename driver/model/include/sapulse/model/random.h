// SPDX-License-Identifier: Apache-2.0
// Random decisions of models: the same on every platform for the same seed.
#pragma once

#include <cstdint>

namespace sapulse::model {

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// True in `percent` of 100 calls.
  bool chance(unsigned percent) { return percent != 0 && next() % 100 < percent; }

  /// From low to high, both included.
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + next() % (high - low + 1); }

 private:
  std::uint64_t state_;
};

}  // namespace sapulse::model
