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

class CountersBench {
 public:
  CountersBench() : context_(std::make_unique<VerilatedContext>()) {
    context_->randReset(2);
    context_->randSeed(static_cast<int>(random.between(1, 0x7fffffff)));
    card_ = std::make_unique<Vcounters_bench>(context_.get());
    card_->read = card_->high = 0;
    card_->index = 0;
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

  /// One half of a counter, as the register block reads it.
  std::uint32_t read(unsigned counter, bool high) {
    card_->index = static_cast<std::uint8_t>(counter);
    card_->high = high ? 1 : 0;
    card_->read = 1;
    step();
    card_->read = 0;
    for (int i = 0; i < 4 || card_->busy; ++i) step();
    return card_->rdata;
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
    const std::uint64_t low = bench.read(counter, false);
    const std::uint64_t after = bench.total.at(counter);
    const std::uint64_t value = low | static_cast<std::uint64_t>(bench.read(counter, true)) << 32;
    ASSERT_GE(value, before);
    ASSERT_LE(value, after);
  }
}

}  // namespace
}  // namespace sapulse::test
