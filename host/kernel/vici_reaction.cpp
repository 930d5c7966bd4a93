// SPDX-License-Identifier: Apache-2.0
#include "vici_reaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sapulse::kernel {

void ViciReaction::note(const LivenessChange& change, Clock::time_point now) {
  const bool has_ended = change.to == Liveness::down && change.from != Liveness::init;
  if (change.to != Liveness::lost && !has_ended) return;
  const std::uint32_t spi_in = change.spi_in;
  if (std::ranges::find(deaths_, spi_in, &Death::spi_in) == deaths_.end())
    deaths_.push_back({.spi_in = spi_in, .due = now});
}

void ViciReaction::poll(Clock::time_point now) {
  for (;;) {
    if (!client_.is_asking() && !start_next(now)) return;
    const auto answer = client_.poll();
    if (!answer) return give_up(answer.error().message);
    const auto& children = *answer;
    if (!children) return;
    if (std::exchange(is_ordering_, false)) {
      take_result();
    } else {
      take_children(*children, now);
    }
  }
}

std::optional<ViciReaction::Clock::time_point> ViciReaction::next_due() const {
  if (client_.is_asking()) return std::nullopt;
  std::optional<Clock::time_point> due;
  for (const Death& death : deaths_) due = std::min(due.value_or(death.due), death.due);
  return due;
}

/// False: nothing is due, or charon cannot be asked.
bool ViciReaction::start_next(Clock::time_point now) {
  const bool is_due = std::ranges::any_of(deaths_, [now](const Death& death) { return death.due <= now; });
  if (orders_.empty() && !is_due) return false;
  is_ordering_ = !orders_.empty();
  const auto started = is_ordering_ ? client_.order(orders_.front().command, orders_.front().content) : client_.ask();
  if (!started) give_up(started.error().message);
  return started.has_value();
}

void ViciReaction::take_children(const std::vector<vici::ChildSa>& children, Clock::time_point now) {
  restarted_.clear();
  std::erase_if(deaths_, [&](Death& death) { return death.due <= now && !act_on(death, children, now); });
}

bool ViciReaction::act_on(Death& death, const std::vector<vici::ChildSa>& children, Clock::time_point now) {
  const auto child = std::ranges::find(children, death.spi_in, &vici::ChildSa::spi_in);
  if (child == children.end() || child->is_replaced()) return false;
  if (death.is_rekeyed) {
    if (restarted_.insert(child->ike_id).second) restart(child->ike_id, children);
    return false;
  }
  History& history = histories_[child->name];
  if (now < history.last + history.pause) {
    death.due = history.last + history.pause;
    return true;
  }
  const bool is_soon = now < history.last + 2 * history.pause;
  history.pause = is_soon ? std::min<Clock::duration>(2 * history.pause, kLongestPause) : kLeastPause;
  history.last = now;
  rekey(*child);
  death = {.spi_in = death.spi_in, .due = now + kPatience, .is_rekeyed = true};
  return true;
}

void ViciReaction::rekey(const vici::ChildSa& child) {
  orders_.push_back({.command = "rekey",
                     .content = {.values = {{"child-id", child.id}}},
                     .what = fmt::format("CHILD_SA '{}' ({:#010x}) is dead: rekey", child.name, child.spi_in)});
}

void ViciReaction::restart(const std::string& ike_id, const std::vector<vici::ChildSa>& children) {
  orders_.push_back({.command = "terminate",
                     .content = {.values = {{"ike-id", ike_id}, {"force", "yes"}}},
                     .what = fmt::format("IKE_SA {} does not rekey: terminate", ike_id)});
  for (const vici::ChildSa& child : children) {
    if (child.ike_id != ike_id || child.is_replaced()) continue;
    const auto slash = child.name.find('/');
    orders_.push_back({.command = "initiate",
                       // Charon answers at once, and goes on by itself.
                       .content = {.values = {{"ike", child.name.substr(0, slash)},
                                              {"child", child.name.substr(slash + 1)},
                                              {"timeout", "-1"}}},
                       .what = fmt::format("CHILD_SA '{}': initiate", child.name)});
  }
}

void ViciReaction::take_result() {
  const vici::Section& result = client_.response();
  const bool good = result.value("success") == "yes";
  if (log_) log_(fmt::format("charon: {}: {}", orders_.front().what, good ? "done" : result.value("errmsg")));
  orders_.pop_front();
}

void ViciReaction::give_up(const std::string& why) {
  if (log_) log_(fmt::format("charon cannot be told of dead SAs: {}", why));
  is_ordering_ = false;
  orders_.clear();
  deaths_.clear();
}

}  // namespace sapulse::kernel
