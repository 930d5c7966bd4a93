// SPDX-License-Identifier: Apache-2.0
#include "sapulse/reaction_settings.h"

#include <fnmatch.h>

#include <algorithm>

namespace sapulse {

bool ReactionTrigger::matches(const LivenessChange& change) const {
  if (sas && ::fnmatch(sas->c_str(), change.name.c_str(), 0) != 0) return false;
  return std::ranges::find(states, change.to) != states.end();
}

}  // namespace sapulse
