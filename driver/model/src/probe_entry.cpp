// SPDX-License-Identifier: Apache-2.0
#include "probe_entry.h"

#include <algorithm>
#include <limits>

namespace sapulse::model {
namespace {

using regs::ProbeState;

constexpr std::uint32_t kNumberMask = 0x3fff'ffff;  // 30 bits
constexpr std::uint64_t kLongestAge = 0x8000'0000;  // a silence is measured up to 2^31 ticks
constexpr unsigned kFactorBits = ProbeEntry::kRandomBits + 8;

/// The part of `interval` that is `factor` / 2^factor_bits.
std::uint32_t part_of(std::uint32_t interval, std::uint32_t factor) {
  return static_cast<std::uint32_t>(std::uint64_t{interval} * factor >> kFactorBits);
}

}  // namespace

void ProbeEntry::write(const ProbeConfig& config, std::uint64_t tick, std::uint32_t random) {
  ProbeEntry fresh;
  fresh.config_ = config;
  fresh.state_ = config.enable ? ProbeState::init : ProbeState::idle;
  fresh.told_ = config.enable ? ProbeState::idle : told_;
  fresh.due_ = tick + config.interval - part_of(config.interval, random << 8);
  fresh.heard_ = tick;
  fresh.data_ = data_;
  fresh.number_ = number_;  // numbers go on, so that late replies are known for what they are
  *this = fresh;
}

void ProbeEntry::burst(std::uint32_t count, std::uint64_t tick) {
  if (!config_.enable) return;
  burst_ = count;
  due_ = tick;
}

Match ProbeEntry::reply(std::uint32_t number, std::uint64_t age, std::uint64_t tick) {
  const std::uint32_t back = (number_ - 1 - number) & kNumberMask;
  if (back > kNumberMask / 2) return Match::unasked;
  if (back >= regs::kProbeHistory) return Match::late;
  const std::uint32_t bit = 1U << back;
  if ((outstanding_ & bit) == 0) return back < probes_ ? Match::unasked : Match::late;
  // The peer was alive when the probe had left, not now: a reply that was held back proves nothing.
  const std::uint64_t silence = age >> regs::kProbeTickLog2;
  if (age >> 63 != 0) return Match::unasked;  // from the future
  if (silence > config_.detect) return Match::late;
  outstanding_ &= ~bit;
  state_ = ProbeState::up;
  heard_ = std::max(heard_, tick - std::min(silence, tick));
  rtt_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(age, std::numeric_limits<std::uint32_t>::max()));
  ++replies_;
  return Match::matched;
}

bool ProbeEntry::data_newer() const {
  return config_.data_alive && (state_ == ProbeState::up || state_ == ProbeState::suspect) && data_ > heard_;
}

std::uint64_t ProbeEntry::age(std::uint64_t tick) const {
  return std::min(tick - (data_newer() ? data_ : heard_), kLongestAge);
}

void ProbeEntry::judge(std::uint64_t tick) {
  const std::uint64_t silence = age(tick);
  if (data_newer()) heard_ = data_;
  const bool alive = state_ == ProbeState::up || state_ == ProbeState::suspect;
  if ((alive || state_ == ProbeState::init) && silence > config_.detect) {
    state_ = ProbeState::down;
  } else if (alive) {
    state_ = config_.suspect != 0 && silence > config_.suspect ? ProbeState::suspect : ProbeState::up;
  }
}

std::uint32_t ProbeEntry::take_probe(std::uint64_t tick, std::uint32_t random) {
  const std::uint32_t interval = config_.interval;
  due_ = tick + (burst_ > 1 ? interval / 8 : interval - part_of(interval, config_.jitter * random));
  if (burst_ != 0) --burst_;
  outstanding_ = outstanding_ << 1 | 1;
  ++probes_;
  const std::uint32_t number = number_;
  number_ = (number_ + 1) & kNumberMask;
  return number;
}

ProbeReport ProbeEntry::report(std::uint64_t tick) const {
  return {.state = state_,
          .rtt = rtt_,
          .probes = static_cast<std::uint32_t>(probes_) & kNumberMask,
          .replies = replies_,
          .heard = static_cast<std::uint32_t>(age(tick))};
}

std::optional<std::uint64_t> ProbeEntry::wanted_tick(bool probing) const {
  constexpr std::uint64_t kNever = UINT64_MAX;
  if (!config_.enable) return std::nullopt;
  std::uint64_t wanted = probing ? due_ : kNever;
  const bool suspicious = state_ == ProbeState::up && config_.suspect != 0;
  if (suspicious) wanted = std::min(wanted, heard_ + config_.suspect + 1);
  if (state_ != ProbeState::down) wanted = std::min(wanted, heard_ + config_.detect + 1);
  return wanted == kNever ? std::nullopt : std::optional(wanted);
}

}  // namespace sapulse::model
