// SPDX-License-Identifier: Apache-2.0
#include "axis_sink.h"

#include <bit>
#include <utility>

namespace sapulse::sim {

bool AxisSink::observe(std::uint64_t cycle, bool valid, bool ready, const AxisBeat& beat) {
  if (!ready) return false;
  if (!valid) {
    if (open_) current_.bubbles += 1;
    return false;
  }
  if (!open_) {
    open_ = true;
    current_ = {};
    current_.first_cycle = cycle;
  }
  const auto* bytes = reinterpret_cast<const std::byte*>(beat.data.data());
  const auto count = static_cast<std::size_t>(std::popcount(beat.keep));
  current_.bytes.insert(current_.bytes.end(), bytes, bytes + count);
  if (beat.last) {
    current_.last_cycle = cycle;
    current_.bad = beat.user;
    count_.frames += 1;
    count_.bytes += current_.bytes.size();
    frames_.push_back(std::exchange(current_, {}));
    open_ = false;
  }
  return true;
}

std::vector<OutputFrame> AxisSink::take_frames() { return std::exchange(frames_, {}); }

}  // namespace sapulse::sim
