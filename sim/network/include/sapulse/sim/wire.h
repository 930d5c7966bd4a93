// SPDX-License-Identifier: Apache-2.0
// One direction of a link between two cards: delay, loss, duplication, reordering, cuts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <span>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim {

/// What happens to frames on a wire. Times are in clock cycles of the cards.
struct WireConditions {
  std::uint64_t delay = 0;  ///< from the last beat out of one card to the moment the other card may take the first
  std::uint64_t spread =
      0;            ///< each frame takes a further 0..spread cycles, chosen at random: frames overtake each other
  double loss = 0;  ///< probability that a frame is lost, 0..1
  double duplication = 0;  ///< probability that a frame that is not lost arrives twice, 0..1
  bool cut = false;        ///< everything is lost
};

/// Frames of a wire by what became of them.
struct WireCount {
  std::uint64_t offered = 0;     ///< that left the card
  std::uint64_t lost = 0;        ///< by chance
  std::uint64_t cut = 0;         ///< while the wire was cut
  std::uint64_t filtered = 0;    ///< by the filter
  std::uint64_t duplicated = 0;  ///< second copies
  std::uint64_t injected = 0;    ///< by an attacker
  std::uint64_t delivered =
      0;  ///< handed to the other card: offered - lost - cut - filtered + duplicated + injected at rest
};

/// A wire. Deterministic: the same frames, times and seed give the same deliveries. Not thread-safe.
class Wire {
 public:
  /// True for a frame that shall disappear.
  using Filter = std::function<bool(std::span<const std::byte> frame)>;

  explicit Wire(std::uint64_t seed) : random_(seed) {}

  /// Applies to frames offered from now on; those under way arrive. Errors: invalid_argument (probability not in 0..1).
  Result<void> set_conditions(const WireConditions& conditions);
  [[nodiscard]] const WireConditions& conditions() const { return conditions_; }
  /// Empty: nothing is filtered.
  void set_filter(Filter filter) { filter_ = std::move(filter); }

  /// A frame has left the sending card in `cycle`.
  void offer(std::uint64_t cycle, Frame frame);
  /// A frame of somebody else's, on the wire from `cycle` on: neither lost, filtered, duplicated nor delayed.
  void inject(std::uint64_t cycle, Frame frame);
  /// Takes the frames that have arrived by `cycle`, in the order of their arrival.
  std::vector<Frame> take(std::uint64_t cycle);

  [[nodiscard]] const WireCount& count() const { return count_; }
  [[nodiscard]] bool empty() const { return under_way_.empty(); }

 private:
  bool chance(double probability);
  void arrive_after_delay(std::uint64_t cycle, Frame frame);

  WireConditions conditions_;
  Filter filter_;
  std::mt19937_64 random_;
  std::multimap<std::uint64_t, Frame> under_way_;  // by cycle of arrival; equal ones in the order of insertion
  WireCount count_;
};

}  // namespace sapulse::sim
