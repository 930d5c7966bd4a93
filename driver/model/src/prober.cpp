// SPDX-License-Identifier: Apache-2.0
#include "prober.h"

#include <algorithm>

namespace sapulse::model {
namespace {

constexpr std::uint64_t kCyclesPerEntry = 2;
constexpr std::uint64_t kRandomSeed = 0x9e37'79b9'7f4a'7c15;  // rtl/prober/prober_random.sv

}  // namespace

Prober::Prober(unsigned capacity, const CardClock& clock, ProberTarget& target)
    : clock_(clock), target_(target), slots_(capacity) {}

void Prober::reset(std::uint64_t cycle) {
  clock_.reset();
  std::ranges::fill(slots_, Slot{});
  visits_ = {};
  sweep_begin_ = cycle + slots_.size();  // the table is cleared first
  random_state_ = kRandomSeed;
}

void Prober::set_running(bool running, std::uint64_t cycle) {
  if (running == clock_.running()) return;
  clock_.set_running(running, cycle);
  reschedule(cycle);
}

void Prober::reschedule(std::uint64_t cycle) {
  visits_ = {};
  for (std::uint32_t sa = 0; sa < slots_.size(); ++sa) {
    slots_[sa].visit_at = kNever;
    schedule(sa, cycle);
  }
}

void Prober::write(std::uint32_t sa, const ProbeConfig& config, std::uint64_t cycle) {
  slots_[sa].entry.write(config, clock_.tick(cycle), random());
  schedule(sa, cycle);
}

void Prober::burst(std::uint32_t sa, std::uint32_t count, std::uint64_t cycle) {
  slots_[sa].entry.burst(count, clock_.tick(cycle));
  schedule(sa, cycle);
}

ProbeReport Prober::read(std::uint32_t sa, std::uint64_t cycle) const {
  return slots_[sa].entry.report(clock_.tick(cycle));
}

Match Prober::reply(std::uint32_t sa, std::uint32_t number, std::uint64_t age, std::uint64_t cycle) {
  const Match match = slots_[sa].entry.reply(number, age, clock_.tick(cycle));
  schedule(sa, cycle);
  return match;
}

void Prober::note_data(std::uint32_t sa, std::uint64_t cycle) {
  ProbeEntry& entry = slots_[sa].entry;
  entry.note_data(clock_.tick(cycle));
  if (entry.data_redeems()) schedule(sa, cycle);
}

std::optional<std::uint64_t> Prober::next() const {
  if (visits_.empty()) return std::nullopt;
  return visits_.top().first;
}

void Prober::advance(std::uint64_t cycle) {
  while (!visits_.empty() && visits_.top().first <= cycle) {
    const auto [due, sa] = visits_.top();
    visits_.pop();
    if (slots_[sa].visit_at != due) continue;
    slots_[sa].visit_at = kNever;
    visit(sa, due);
    schedule(sa, due);
  }
}

void Prober::visit(std::uint32_t sa, std::uint64_t cycle) {
  ProbeEntry& entry = slots_[sa].entry;
  const std::uint64_t tick = clock_.tick(cycle);
  entry.judge(tick);
  if (entry.untold() && target_.change_room()) {
    target_.tell_change(sa, entry.told(), entry.report(tick), cycle);
    entry.tell();
  }
  if (!clock_.running() || !entry.due(tick)) return;
  if (target_.probe_room(cycle)) {
    const std::uint32_t number = entry.take_probe(tick, random());
    target_.send_probe(sa, number, entry.length(), cycle);
  } else {
    entry.postpone(tick);
  }
}

void Prober::schedule(std::uint32_t sa, std::uint64_t cycle) {
  Slot& slot = slots_[sa];
  const std::uint64_t soonest = cycle + 1;
  std::optional<std::uint64_t> wanted;
  if (slot.entry.untold() || slot.entry.data_redeems()) {
    wanted = soonest;
  } else if (const auto tick = slot.entry.wanted_tick(clock_.running())) {
    wanted = clock_.cycle_at(*tick);
  }
  if (!wanted) return;
  const std::uint64_t at = sweep_at(sa, std::max(*wanted, soonest));
  // A visit that is too early does no harm.
  if (at >= slot.visit_at) return;
  slot.visit_at = at;
  visits_.emplace(at, sa);
}

std::uint64_t Prober::sweep_at(std::uint32_t sa, std::uint64_t from) const {
  const std::uint64_t first = sweep_begin_ + kCyclesPerEntry * sa;
  if (from <= first) return first;
  const std::uint64_t sweep = kCyclesPerEntry * slots_.size();
  return first + (from - first + sweep - 1) / sweep * sweep;
}

std::uint32_t Prober::random() {
  random_state_ ^= random_state_ << 13;
  random_state_ ^= random_state_ >> 7;
  random_state_ ^= random_state_ << 17;
  return static_cast<std::uint32_t>(random_state_ >> (64 - ProbeEntry::kRandomBits));
}

}  // namespace sapulse::model
