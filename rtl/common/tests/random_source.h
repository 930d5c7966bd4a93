// SPDX-License-Identifier: Apache-2.0
// Random numbers for tests: the seed is printed, and can be given in the environment variable SAPULSE_TEST_SEED.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace sapulse::test {

class RandomSource {
 public:
  RandomSource() : RandomSource(choose_seed()) {}

  /// 0..bound-1
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  /// Uniform in low..high, both included
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return std::uniform_int_distribution<std::uint64_t>(low, high)(engine_);
  }
  /// True in `percent` of 100 cases.
  bool chance(unsigned percent) { return below(100) < percent; }
  std::uint64_t word() { return engine_(); }

 private:
  explicit RandomSource(std::uint64_t seed) : engine_(seed) {
    std::printf("SAPULSE_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  }
  static std::uint64_t choose_seed() {
    if (const char* text = std::getenv("SAPULSE_TEST_SEED")) return std::strtoull(text, nullptr, 0);
    return std::random_device{}();
  }

  std::mt19937_64 engine_;
};

}  // namespace sapulse::test
