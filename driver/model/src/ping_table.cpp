// SPDX-License-Identifier: Apache-2.0
#include "ping_table.h"

#include <bit>

namespace sapulse::model {
namespace {

constexpr std::uint32_t kCardTransaction = 0x8000'0000;  // bits 31:30 = 10
constexpr std::uint32_t kNumberMask = 0x3fff'ffff;       // generation and index
constexpr unsigned kIndexBits = std::countr_zero(regs::kPings);
constexpr std::uint32_t kGenerationMask = kNumberMask >> kIndexBits;

}  // namespace

std::uint32_t PingTable::generation(std::uint32_t transaction) { return (transaction & kNumberMask) >> kIndexBits; }

void PingTable::reset() {
  entries_.assign(regs::kPings, {});
  waiting_.clear();
  free_.clear();
  for (std::uint32_t i = 0; i < regs::kPings; ++i) free_.push_back(kCardTransaction | i);
}

std::optional<std::uint32_t> PingTable::free_transaction() const {
  if (free_.empty()) return std::nullopt;
  return free_.front();
}

void PingTable::open(const Ping& ping) {
  free_.pop_front();
  entries_[index(ping.transaction)] = {State::open, ping};
  waiting_.emplace(ping.deadline, index(ping.transaction));
}

Match PingTable::judge(const Reply& reply, std::uint32_t transaction) const {
  const Entry& entry = entries_[index(transaction)];
  if (entry.state == State::never) return Match::unasked;
  const std::uint32_t behind = (generation(entry.ping.transaction) - generation(transaction)) & kGenerationMask;
  if (behind != 0) return behind <= kGenerationMask / 2 ? Match::late : Match::unasked;
  if (entry.ping.sa != reply.sa) return Match::unasked;
  // What was recorded in an earlier life, or of an earlier use of the number, was asked at another time.
  if (entry.ping.timed && reply.t_origin != entry.ping.t_origin) return Match::unasked;
  if (entry.state == State::open) return Match::matched;
  return entry.state == State::timed_out ? Match::late : Match::unasked;
}

Ping PingTable::close(std::uint32_t transaction, State state) {
  Entry& entry = entries_[index(transaction)];
  entry.state = state;
  waiting_.erase({entry.ping.deadline, index(transaction)});
  free_.push_back(kCardTransaction | ((transaction + regs::kPings) & kNumberMask));
  return entry.ping;
}

const Ping* PingTable::first() const { return waiting_.empty() ? nullptr : &entries_[waiting_.begin()->second].ping; }

}  // namespace sapulse::model
