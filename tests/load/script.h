// SPDX-License-Identifier: Apache-2.0
// What has to happen when.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace sapulse::test {

class Script {
 public:
  /// `act` at `time` (ns), or at the next run() after it; acts of the same time in the order in which they were added.
  void at(std::uint64_t time, std::function<void()> act) { acts_.emplace(time, std::move(act)); }

  /// Does what is due. Acts may add others.
  void run(std::uint64_t now) {
    while (!acts_.empty() && acts_.begin()->first <= now) {
      const auto node = acts_.extract(acts_.begin());
      node.mapped()();
    }
  }

 private:
  std::multimap<std::uint64_t, std::function<void()>> acts_;
};

}  // namespace sapulse::test
