// SPDX-License-Identifier: Apache-2.0
#include <Vgray_crossing.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "two_clocks.h"

namespace sapulse::test {
namespace {

constexpr unsigned kWidth = 6;  // as given in CMakeLists.txt

/// A counter that now and then steps up or down; the reader may see only values it has had, in their order.
class GrayCrossingRun {
 public:
  explicit GrayCrossingRun(unsigned down_chance)
      : down_chance_(down_chance),
        crossing_(
            random_, [](Vgray_crossing& m) -> CData& { return m.in_clk; },
            [](Vgray_crossing& m) -> CData& { return m.out_clk; }) {
    crossing_->in = 0;
    crossing_->in_rst = 1;
    for (int i = 0; i < 100; ++i) crossing_.edge();
    crossing_->in_rst = 0;
  }

  void run(int edges) {
    for (int i = 0; i < edges && !::testing::Test::HasFatalFailure(); ++i) step();
  }
  std::size_t changes_seen() const { return changes_seen_; }

 private:
  void step() {
    const auto edges = crossing_.upcoming();
    crossing_.edge();
    if (edges.first) count();
    if (edges.second) look();
  }

  void count() {
    const int change = random_.chance(20) ? 0 : random_.chance(down_chance_) ? -1 : 1;
    crossing_->in = static_cast<CData>((crossing_->in + change) & ((1U << kWidth) - 1));
    history_.push_back(crossing_->in);
  }

  void look() {
    if (crossing_->out == history_.front()) return;
    ++changes_seen_;
    const auto seen = std::find(history_.begin(), history_.end(), crossing_->out);
    ASSERT_NE(seen, history_.end()) << "a value that the counter has not had since the last one seen";
    history_.erase(history_.begin(), seen);
  }

  RandomSource random_;
  unsigned down_chance_;
  TwoClocks<Vgray_crossing> crossing_;
  std::deque<CData> history_{0};  // from the value seen last on
  std::size_t changes_seen_ = 0;
};

TEST(GrayCrossing, ShowsOnlyValuesThatWere) {
  for (int pair = 0; pair < 20; ++pair) {
    GrayCrossingRun run(pair % 2 == 0 ? 0 : 50);
    run.run(5000);
    EXPECT_GT(run.changes_seen(), 5U);
  }
}

}  // namespace
}  // namespace sapulse::test
