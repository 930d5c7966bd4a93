// SPDX-License-Identifier: Apache-2.0
// Changes of state that nobody is told before it is known whether they hold.
#pragma once

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

  /// Those to be told now, in their order: all of SAs that are still watched, unless something that the kernel has told
  /// is still to be looked at.
  [[nodiscard]] std::vector<LivenessChange> release(const Monitor& monitor, bool kernel_is_behind) {
    if (kernel_is_behind) return {};
    std::vector<LivenessChange> changes = std::exchange(changes_, {});
    std::erase_if(changes, [&](const LivenessChange& change) { return !monitor.find(change.spi_in); });
    return changes;
  }

 private:
  std::vector<LivenessChange> changes_;
};

}  // namespace sapulse::service
