// SPDX-License-Identifier: Apache-2.0
// What the prober has to do for one SA, written down plainly: times and numbers are 64 bits wide and never wrap around.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

namespace sapulse::test {

enum class ProbeState : unsigned { idle = 0, init = 1, up = 2, suspect = 3, down = 4 };
enum class ProbeVerdict : unsigned { matched = 0, late = 1, unasked = 2 };

/// Body of PROBE_WRITE; times in ticks.
struct ProbeConfig {
  bool enable = false;
  bool data_alive = false;
  unsigned jitter = 0;
  unsigned length = 56;
  std::int64_t interval = 1;
  std::int64_t suspect = 0;
  std::int64_t detect = 1;
};

struct ProbeReport {
  ProbeState state = ProbeState::idle;
  std::uint32_t rtt = 0;
  std::uint32_t probes = 0;
  std::uint32_t replies = 0;
  std::uint32_t heard = 0;
  bool operator==(const ProbeReport&) const = default;
};

class ProbeModel {
 public:
  static constexpr std::int64_t kNumbers = std::int64_t{1} << 30;  ///< transactions count modulo this
  static constexpr std::int64_t kHistory = 32;
  static constexpr unsigned kTickLog2 = 10;                       ///< ns of a tick
  static constexpr std::int64_t kOldest = std::int64_t{1} << 31;  ///< ages count up to this

  struct Visit {
    std::optional<std::int64_t> probe;      ///< its number
    std::optional<ProbeState> told_before;  ///< an event: the state told before
    ProbeReport report;                     ///< of that event
  };
  /// Where the time of the next probe may lie, both included.
  struct Span {
    std::int64_t first, last;
  };

  void write(const ProbeConfig& wanted, std::int64_t now) {
    config = wanted;
    state = wanted.enable ? ProbeState::init : ProbeState::idle;
    if (wanted.enable) told = ProbeState::idle;
    heard = now;
    burst = rtt = replies = 0;
    first = number;
    unanswered.clear();
    due_span = {now + 1, now + wanted.interval};
  }

  void start_burst(unsigned count, std::int64_t now) {
    if (!config.enable) return;
    burst = count;
    due_span = {now, now};
  }

  ProbeVerdict reply(std::uint32_t transaction_number, std::int64_t now, std::uint64_t arrival, std::uint64_t origin) {
    const std::int64_t age = (((number - 1 - transaction_number) % kNumbers) + kNumbers) % kNumbers;
    if (age >= kNumbers / 2) return ProbeVerdict::unasked;
    const std::int64_t asked = number - 1 - age;
    if (age >= kHistory || asked < first) return ProbeVerdict::late;
    if (!unanswered.contains(asked)) return ProbeVerdict::unasked;
    // The peer was alive when the probe had left.
    const auto silence = static_cast<std::int64_t>(arrival - origin) >> kTickLog2;
    if (silence < 0) return ProbeVerdict::unasked;
    if (silence > config.detect) return ProbeVerdict::late;
    unanswered.erase(asked);
    state = ProbeState::up;
    heard = std::max(heard, now - silence);
    ++replies;
    rtt = static_cast<std::uint32_t>(std::min<std::uint64_t>(arrival - origin, 0xffffffff));
    return ProbeVerdict::matched;
  }

  /// data: time of the last customer packet, if there ever was one.
  Visit visit(std::int64_t now, std::optional<std::int64_t> data, bool probing, bool request_room, bool event_room) {
    heard = last_heard(data);
    const bool alive = state == ProbeState::up || state == ProbeState::suspect;
    const std::int64_t silence = now - heard;
    if (alive) state = config.suspect != 0 && silence > config.suspect ? ProbeState::suspect : ProbeState::up;
    if ((alive || state == ProbeState::init) && silence > config.detect) state = ProbeState::down;

    Visit result;
    result.report = report(now, data);
    if (state != told && event_room) {
      result.told_before = told;
      told = state;
    }
    heard = std::max(heard, now - kOldest);

    if (config.enable && probing && now >= due) {
      due_span = {now, now};
      if (request_room) {
        result.probe = number;
        unanswered.insert(number++);
        unanswered.erase(unanswered.begin(), unanswered.lower_bound(number - kHistory));
        const std::int64_t shortest = config.interval - config.interval * config.jitter / 256;
        due_span = {now + shortest, now + config.interval};
        if (burst > 1) due_span = {now + config.interval / 8, now + config.interval / 8};
        if (burst > 0) --burst;
      }
    }
    return result;
  }

  /// Customer packets count only for an SA that a reply has brought up.
  std::int64_t last_heard(std::optional<std::int64_t> data) const {
    const bool alive = state == ProbeState::up || state == ProbeState::suspect;
    return alive && config.data_alive && data ? std::max(heard, *data) : heard;
  }

  ProbeReport report(std::int64_t now, std::optional<std::int64_t> data) const {
    return {state, rtt, static_cast<std::uint32_t>((number - first) % kNumbers), replies,
            static_cast<std::uint32_t>(now - last_heard(data))};
  }

  ProbeConfig config;
  ProbeState state = ProbeState::idle;
  ProbeState told = ProbeState::idle;
  std::int64_t due = 0;  ///< chosen by the prober within due_span
  Span due_span = {0, 0};
  std::int64_t heard = 0;
  std::int64_t number = 0;  ///< of the next probe
  std::int64_t first = 0;   ///< number at the last PROBE_WRITE
  std::set<std::int64_t> unanswered;
  unsigned burst = 0;
  std::uint32_t rtt = 0;
  std::uint32_t replies = 0;
};

}  // namespace sapulse::test
