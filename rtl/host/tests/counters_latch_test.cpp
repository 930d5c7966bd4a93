// SPDX-License-Identifier: Apache-2.0
// The module counters with increments of 31 bits, so that carries into the high half are frequent.
#include <gtest/gtest.h>

#include <memory>

#include "Vcounters_bench.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr unsigned kCounters = 4;
constexpr unsigned kIncrementBits = 31;
constexpr std::uint16_t kBase = 0x1000;

class CountersBench {
 public:
  CountersBench() : context_(std::make_unique<VerilatedContext>()) {
    context_->randReset(2);
    context_->randSeed(static_cast<int>(random.between(1, 0x7fffffff)));
    card_ = std::make_unique<Vcounters_bench>(context_.get());
    card_->bus_read = card_->bus_writing = 0;
    card_->bus_address = 0;
    card_->rst = 1;
    for (int i = 0; i < 4; ++i) clock();
    card_->rst = 0;
  }
  ~CountersBench() { card_->final(); }

  /// A cycle with random increments.
  void step() {
    for (unsigned i = 0; i < kCounters; ++i) add(i, random.between(0, (std::uint64_t{1} << kIncrementBits) - 1));
    clock();
  }

  /// One half of a counter, as axil_slave reads it.
  std::uint32_t read(std::uint16_t address) {
    card_->bus_address = address;
    card_->bus_read = 1;
    step();
    card_->bus_read = 0;
    for (int i = 0; i < 4 || card_->bus_wait; ++i) step();
    EXPECT_TRUE(card_->bus_hit);
    return card_->bus_rdata;
  }

  RandomSource random;
  std::array<std::uint64_t, kCounters> total{};

 private:
  void add(unsigned counter, std::uint64_t value) {
    total.at(counter) += value;
    for (unsigned bit = 0; bit < kIncrementBits; ++bit) {
      const unsigned position = kIncrementBits * counter + bit;
      auto& word = card_->increment[position / 32];
      word = (word & ~(1u << position % 32)) | static_cast<std::uint32_t>(value >> bit & 1) << position % 32;
    }
  }
  void clock() {
    card_->clk = 0;
    card_->eval();
    card_->clk = 1;
    card_->eval();
  }

  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vcounters_bench> card_;
};

TEST(HostCounters, HalvesBelongTogetherAcrossCarries) {
  CountersBench bench;
  for (int i = 0; i < 20000; ++i) {
    const unsigned counter = static_cast<unsigned>(bench.random.between(0, kCounters - 1));
    const std::uint64_t before = bench.total.at(counter);
    const std::uint64_t low = bench.read(static_cast<std::uint16_t>(kBase + 8 * counter));
    const std::uint64_t after = bench.total.at(counter);
    const std::uint64_t value =
        low | static_cast<std::uint64_t>(bench.read(static_cast<std::uint16_t>(kBase + 8 * counter + 4))) << 32;
    ASSERT_GE(value, before);
    ASSERT_LE(value, after);
  }
}

}  // namespace
}  // namespace sapulse::test
