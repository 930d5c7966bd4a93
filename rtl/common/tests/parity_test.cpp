// SPDX-License-Identifier: Apache-2.0
#include <Vparity_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <bitset>

#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kBits = 400;
constexpr std::array<std::size_t, 8> kWidths{1, 6, 7, 34, 36, 37, 217, kBits};

class Parity : public ::testing::Test {
 protected:
  void expect_right(const std::bitset<kBits>& data) {
    for (unsigned word = 0; word < (kBits + 31) / 32; ++word) {
      module_.data[word] = 0;
      for (unsigned bit = 0; bit < 32 && 32 * word + bit < kBits; ++bit) {
        module_.data[word] |= static_cast<std::uint32_t>(data[32 * word + bit]) << bit;
      }
    }
    module_.eval();
    std::size_t ones = 0;
    std::size_t next = 0;
    for (unsigned i = 0; i < kWidths.size(); ++i) {
      for (; next < kWidths.at(i); ++next) ones += data[next] ? 1 : 0;
      ASSERT_EQ(module_.odd >> i & 1, ones % 2) << kWidths.at(i) << " bits of " << data;
    }
  }

 private:
  Vparity_bench module_;
};

TEST_F(Parity, CountsEveryBit) {
  expect_right({});
  for (std::size_t bit = 0; bit < kBits; ++bit) expect_right(std::bitset<kBits>{}.set(bit));
}

TEST_F(Parity, OfRandomWords) {
  RandomSource random;
  for (int i = 0; i < 1000; ++i) {
    std::bitset<kBits> data;
    for (std::size_t bit = 0; bit < kBits; ++bit) data[bit] = random.chance(50);
    expect_right(data);
  }
}

}  // namespace
}  // namespace sapulse::test
