// SPDX-License-Identifier: Apache-2.0
// A Verilated module with two clocks that know nothing of each other.
#pragma once

#include <verilated.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "random_source.h"

namespace sapulse::test {

/// Time of the next rising edge and the distance to the one after it, in picoseconds.
struct Clock {
  std::uint64_t period;
  std::uint64_t next;
};

/// How far two clocks may be apart.
enum class Ratio { within_ten, within_three };

/// 1 to 10 ns or 2 to 6 ns, any phase. Prints what it chose.
inline Clock random_clock(RandomSource& random, Ratio ratio) {
  const std::uint64_t period = ratio == Ratio::within_ten ? 1000 + random.below(9000) : 2000 + random.below(4000);
  const Clock clock{period, random.below(period)};
  std::printf("clock: period %llu ps, first edge at %llu ps\n", static_cast<unsigned long long>(clock.period),
              static_cast<unsigned long long>(clock.next));
  return clock;
}

/// Runs a module with two clock inputs, which the functions `first` and `second` point out. The caller sets inputs
/// between edges; they are sampled by the next edge of their clock. Edges that fall on the same picosecond happen
/// together.
template <class Module>
class TwoClocks {
 public:
  struct Edges {
    bool first, second;
  };

  using Input = CData& (*)(Module&);

  TwoClocks(RandomSource& random, Input first, Input second, Ratio ratio = Ratio::within_ten)
      : clocks_{random_clock(random, ratio), random_clock(random, ratio)} {
    context_.randSeed(static_cast<int>(1 + random.below(0x7fffffff)));
    module_ = std::make_unique<Module>(&context_);
    inputs_ = {&first(*module_), &second(*module_)};
    for (CData* input : inputs_) *input = 0;
    module_->eval();
  }
  ~TwoClocks() { module_->final(); }
  TwoClocks(const TwoClocks&) = delete;
  TwoClocks& operator=(const TwoClocks&) = delete;

  Module* operator->() { return module_.get(); }
  void settle() { module_->eval(); }
  VerilatedContext& context() { return context_; }

  /// What the next edge() will do.
  Edges upcoming() const {
    const std::uint64_t now = time();
    return {clocks_[0].next == now, clocks_[1].next == now};
  }

  /// Goes on to the next rising edge of either clock.
  void edge() {
    const std::uint64_t now = time();
    for (std::size_t i = 0; i < 2; ++i) *inputs_[i] = clocks_[i].next == now;
    module_->eval();
    for (std::size_t i = 0; i < 2; ++i) {
      *inputs_[i] = 0;
      if (clocks_[i].next == now) clocks_[i].next += clocks_[i].period;
    }
    module_->eval();
  }

  /// Time of the upcoming edge, ps.
  std::uint64_t time() const { return std::min(clocks_[0].next, clocks_[1].next); }
  std::uint64_t slower_period() const { return std::max(clocks_[0].period, clocks_[1].period); }

 private:
  std::array<Clock, 2> clocks_;
  std::array<CData*, 2> inputs_{};
  VerilatedContext context_;
  std::unique_ptr<Module> module_;
};

}  // namespace sapulse::test
