// SPDX-License-Identifier: Apache-2.0
// Changes of state that nobody is told before it is known whether they hold.
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "sapulse/monitor.h"

namespace sapulse::service {

/// Our kernel gets the younger SA before its IKE daemon tells the peer to delete the older one. So when the peer
/// answers that it has no such SA, the reason may be among what the kernel has told and nobody has looked at yet: only
/// once that is done is it known whether somebody has died.
class HeldChanges {
 public:
  void hold(const LivenessChange& change) { changes_.push_back(change); }
  [[nodiscard]] bool is_empty() const { return changes_.empty(); }

  /// To be called before the kernel is looked at. What is held by now can be judged afterwards; what comes while the
  /// card is brought in line waits for the next look, since the kernel may have told its reason meanwhile.
  void begin_look() { judged_ = changes_.size(); }

  /// Those to be told now, in their order: all of SAs that are still watched, unless something that the kernel has told
  /// is still to be looked at.
  [[nodiscard]] std::vector<LivenessChange> release(const Monitor& monitor, bool kernel_is_behind) {
    if (kernel_is_behind) return {};
    const auto end = changes_.begin() + static_cast<std::ptrdiff_t>(std::exchange(judged_, 0));
    std::vector<LivenessChange> changes(std::make_move_iterator(changes_.begin()), std::make_move_iterator(end));
    changes_.erase(changes_.begin(), end);
    std::erase_if(changes, [&](const LivenessChange& change) { return !monitor.find(change.spi_in); });
    return changes;
  }

 private:
  std::vector<LivenessChange> changes_;
  std::size_t judged_ = 0;  // so many of the first, by the look that is under way
};

}  // namespace sapulse::service
