// SPDX-License-Identifier: Apache-2.0
// The initiation interval that the source asks for.
#include <algorithm>

#include "fmt/format.h"
#include "frontend/source_text.h"
#include "frontend/steps.h"

namespace sapulse::hlsc {

using namespace llvm;

namespace {

constexpr int kMaxInterval = 1024;

}  // namespace

void read_interval(Unit& kernel) {
  if (!kernel.function->getSubprogram()) return;
  for (const Pragma& p : pragmas_of(*kernel.function)) {
    const auto value = p.options.find("ii");
    if (p.directive != "PIPELINE" || value == p.options.end()) continue;
    int interval = 0;
    if (StringRef(value->second).getAsInteger(10, interval) || interval < 1 || interval > kMaxInterval) {
      kernel.notes.push_back(
          fmt::format("{}: note: II is not a number from 1 to {}: it does not count", p.location.text(), kMaxInterval));
      continue;
    }
    kernel.interval = std::max(kernel.interval, interval);
  }
}

}  // namespace sapulse::hlsc
