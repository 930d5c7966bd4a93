// SPDX-License-Identifier: Apache-2.0
// What a replay window must do, written down as plainly as possible: the set of all numbers accepted so far.
#pragma once

#include <cstdint>
#include <set>

namespace sapulse::test {

class WindowModel {
 public:
  /// Everything up to start counts as seen.
  void clear(bool active, std::uint64_t start) {
    *this = WindowModel{};
    active_ = active;
    start_ = top = start;
  }

  /// RFC 4303 section 3.4.3 with a window of 128; n = 0 is never valid.
  bool verdict(std::uint64_t n, bool ok) {
    if (!active_) return false;
    if (!ok) {
      ++rejected;
      return false;
    }
    const bool too_old = n <= top && top - n >= 128;
    if (n <= start_ || too_old || seen_.contains(n)) {
      ++replayed;
      return false;
    }
    ++accepted;
    seen_.insert(n);
    if (n > top) top = n;
    return true;
  }

  std::uint64_t top = 0;
  std::uint32_t accepted = 0;
  std::uint32_t replayed = 0;
  std::uint32_t rejected = 0;

 private:
  bool active_ = false;
  std::uint64_t start_ = 0;
  std::set<std::uint64_t> seen_;
};

}  // namespace sapulse::test
