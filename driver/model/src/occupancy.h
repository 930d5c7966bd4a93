// SPDX-License-Identifier: Apache-2.0
// When a block is busy that takes one packet after the other, as they come, and learns of them out of order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>

namespace sapulse::model {

class Occupancy {
 public:
  /// The first cycle from `earliest` on in which the block is free for `cycles` cycles, which it now is not any more.
  /// Nothing will be asked for that could begin before `now`.
  std::uint64_t take(std::uint64_t now, std::uint64_t earliest, std::uint64_t cycles) {
    while (!busy_.empty() && busy_.front().end <= now) busy_.pop_front();
    std::uint64_t begin = earliest;
    // What ends before does not matter; there is mostly little behind it.
    auto place = busy_.end();
    while (place != busy_.begin() && std::prev(place)->end > earliest) --place;
    for (; place != busy_.end() && begin + cycles > place->begin; ++place) begin = std::max(begin, place->end);
    busy_.insert(place, {begin, begin + cycles});
    return begin;
  }
  void clear() { busy_.clear(); }

 private:
  struct Span {
    std::uint64_t begin;
    std::uint64_t end;
  };
  std::deque<Span> busy_;  // in order of time, without overlaps
};

}  // namespace sapulse::model
