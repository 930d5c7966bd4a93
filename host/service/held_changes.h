// SPDX-License-Identifier: Apache-2.0
// Changes of state that nobody is told before it is known whether they hold.
#pragma once

#include <cstddef>
#include <vector>

#include "sapulse/monitor.h"

namespace sapulse::service {

/// Our kernel gets the younger SA before its IKE daemon tells the peer to delete the older one. So when the peer
/// answers that it has no such SA, the reason may be among what the kernel has told and nobody has looked at yet: only
/// once that is done is it known whether somebody has died.
class HeldChanges {
 public:
  void hold(const LivenessChange& change) { changes_.push_back(change); }

  /// The kernel is about to be heard. What comes from now on may have its reason in what the kernel tells meanwhile.
  void mark() { marked_ = changes_.size(); }

  /// Those to be told now, in their order: all before the mark of SAs that are still watched, unless something that the
  /// kernel has told is still to be looked at.
  [[nodiscard]] std::vector<LivenessChange> release(const Monitor& monitor, bool kernel_is_behind) {
    if (kernel_is_behind) return {};
    const auto end = changes_.begin() + static_cast<std::ptrdiff_t>(marked_);
    std::vector<LivenessChange> changes(changes_.begin(), end);
    changes_.erase(changes_.begin(), end);
    marked_ = 0;
    std::erase_if(changes, [&](const LivenessChange& change) { return !monitor.find(change.spi_in); });
    return changes;
  }

  /// Some are there for which the kernel is to be heard once more.
  [[nodiscard]] bool has_unmarked() const { return changes_.size() > marked_; }

 private:
  std::vector<LivenessChange> changes_;
  std::size_t marked_ = 0;  // of them
};

}  // namespace sapulse::service
