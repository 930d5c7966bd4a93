// SPDX-License-Identifier: Apache-2.0
#include "host_probe.h"

#include <algorithm>

namespace sapulse {
namespace {

/// Probes of a burst are an eighth of the interval apart, as the card's are.
constexpr std::uint64_t kBurstFraction = 8;
/// More than any multiplier.
constexpr std::size_t kMostGaps = 256;

std::uint64_t count(std::chrono::nanoseconds time) { return static_cast<std::uint64_t>(time.count()); }

/// `whole` x `random` / 2^32.
std::uint64_t part(std::uint64_t whole, std::uint32_t random) {
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(whole) * random >> 32);
}

}  // namespace

HostProbe::HostProbe(const LivenessSettings& settings, std::uint64_t now, std::uint32_t random)
    : settings_(settings), heard_(now), next_probe_(now + part(count(settings.interval), random)) {}

std::uint64_t HostProbe::due() const {
  std::uint64_t due = next_probe_;
  const std::uint64_t begin = heard_ + unasked_;
  const std::uint64_t suspect = count(settings_.suspect_time());
  if (state_ != ProbeState::down) due = std::min(due, begin + count(settings_.detection_time()) + 1);
  if (state_ == ProbeState::up && suspect != 0) due = std::min(due, begin + suspect + 1);
  return due;
}

bool HostProbe::advance(std::uint64_t now, std::uint32_t random) {
  leave_out(next_probe_, now);
  const std::uint64_t begin = heard_ + unasked_;
  const std::uint64_t silence = now > begin ? now - begin : 0;
  const std::uint64_t suspect = count(settings_.suspect_time());
  if (silence > count(settings_.detection_time())) {
    state_ = ProbeState::down;
  } else if (state_ == ProbeState::up && suspect != 0 && silence > suspect) {
    state_ = ProbeState::suspect;
  }
  if (now < next_probe_) return false;
  ++probes_;
  last_probe_ = now;
  const std::uint64_t interval = count(settings_.interval);
  if (burst_ > 0) {
    --burst_;
    next_probe_ = now + interval / kBurstFraction;
  } else {
    next_probe_ = now + interval - part(interval * settings_.jitter_percent / 100, random);
  }
  return true;
}

void HostProbe::unsent() {
  --probes_;
  leave_out(last_probe_, next_probe_);
}

void HostProbe::burst(std::uint64_t now, unsigned count) {
  next_probe_ = now;
  burst_ = count - 1;
}

void HostProbe::hear(std::uint64_t time) {
  if (time <= heard_) return;
  heard_ = time;
  // A request that was sent before a gap may be answered after it.
  while (!gaps_.empty() && gaps_.front().from < time) drop_oldest_gap();
}

void HostProbe::drop_oldest_gap() {
  unasked_ -= gaps_.front().to - gaps_.front().from;
  gaps_.pop_front();
}

void HostProbe::leave_out(std::uint64_t from, std::uint64_t to) {
  if (to <= from) return;
  gaps_.push_back({from, to});
  unasked_ += to - from;
  // Before so many probes, the SA has been down long since.
  if (gaps_.size() > kMostGaps) drop_oldest_gap();
}

void HostProbe::replied(std::uint64_t asked, std::chrono::nanoseconds rtt) {
  state_ = ProbeState::up;
  hear(asked);
  rtt_ = rtt;
  ++replies_;
}

void HostProbe::data_seen(std::uint64_t now) {
  if (state_ != ProbeState::up && state_ != ProbeState::suspect) return;
  state_ = ProbeState::up;
  hear(now);
}

ProbeStatus HostProbe::status(std::uint64_t now) const {
  return {.state = state_,
          .rtt = rtt_,
          .heard = std::chrono::nanoseconds(now > heard_ ? static_cast<std::int64_t>(now - heard_) : 0),
          .probes = probes_,
          .replies = replies_};
}

}  // namespace sapulse
