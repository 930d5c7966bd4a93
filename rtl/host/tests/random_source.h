// SPDX-License-Identifier: Apache-2.0
// Random numbers of the tests. The seed is printed; SAPULSE_TEST_SEED in the environment repeats a run.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace sapulse::test {

class RandomSource {
 public:
  RandomSource() : RandomSource(choose_seed()) {}
  explicit RandomSource(std::uint64_t seed) : engine_(seed) { std::cout << "seed " << seed << '\n'; }

  /// Uniform in [low, high].
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return std::uniform_int_distribution<std::uint64_t>(low, high)(engine_);
  }
  bool percent(unsigned probability) { return between(0, 99) < probability; }
  std::uint32_t word() { return static_cast<std::uint32_t>(engine_()); }
  std::uint64_t word64() { return engine_(); }

 private:
  static std::uint64_t choose_seed() {
    const char* text = std::getenv("SAPULSE_TEST_SEED");
    return text != nullptr ? std::strtoull(text, nullptr, 0) : std::random_device()();
  }
  std::mt19937_64 engine_;
};

}  // namespace sapulse::test
