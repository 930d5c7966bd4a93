// SPDX-License-Identifier: Apache-2.0
#include "seed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace sapulse::test {

std::uint64_t test_seed(std::uint64_t preset) {
  const char* const text = std::getenv("SAPULSE_TEST_SEED");
  const std::uint64_t seed = text != nullptr ? std::strtoull(text, nullptr, 0) : preset;
  fmt::print("seed {} (SAPULSE_TEST_SEED overrides it)\n", seed);
  testing::Test::RecordProperty("seed", std::to_string(seed));
  return seed;
}

}  // namespace sapulse::test
