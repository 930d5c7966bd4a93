// SPDX-License-Identifier: Apache-2.0
#include "vici_reaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace sapulse::reactions {
namespace {

using Order = ViciReaction::Order;

Order rekey(const vici::ChildSa& child) {
  return {.command = "rekey",
          .content = {.values = {{"child-id", child.id}}},
          .what = fmt::format("CHILD_SA '{}' ({:#010x}) is dead: rekey", child.name, child.spi_in)};
}

/// Destroys an IKE_SA and initiates all that it had.
std::vector<Order> restart(const std::string& ike_id, const std::vector<vici::ChildSa>& children) {
  std::vector<Order> orders{{.command = "terminate",
                             .content = {.values = {{"ike-id", ike_id}, {"force", "yes"}}},
                             .what = fmt::format("IKE_SA {} does not rekey: terminate", ike_id)}};
  for (const vici::ChildSa& child : children) {
    if (child.ike_id != ike_id || child.is_replaced()) continue;
    const auto slash = child.name.find('/');
    orders.push_back({.command = "initiate",
                      // Charon answers at once, and goes on by itself.
                      .content = {.values = {{"ike", child.name.substr(0, slash)},
                                             {"child", child.name.substr(slash + 1)},
                                             {"timeout", "-1"}}},
                      .what = fmt::format("CHILD_SA '{}': initiate", child.name)});
  }
  return orders;
}

}  // namespace

Result<std::string> ViciReaction::react(const LivenessChange& change, const Patience& /*patience*/) {
  const bool has_ended = change.to == Liveness::down && change.from != Liveness::init;
  const bool is_known = std::ranges::find(deaths_, change.spi_in, &Death::spi_in) != deaths_.end();
  if ((change.to == Liveness::lost || has_ended) && !is_known) {
    deaths_.push_back({.spi_in = change.spi_in, .due = now_()});
  }
  return "";
}

std::optional<Reaction::Clock::time_point> ViciReaction::next_due() const {
  const auto first = std::ranges::min_element(deaths_, {}, &Death::due);
  return first != deaths_.end() ? std::optional(first->due) : std::nullopt;
}

std::vector<std::string> ViciReaction::go_on(const Patience& patience) {
  const auto children = client_.ask().and_then([&] { return answer(patience); });
  if (!children) return {give_up(children.error().message)};
  std::vector<std::string> told;
  for (const Order& order : make_orders(*children)) {
    auto said = give(order, patience);
    told.push_back(said ? std::move(*said) : give_up(said.error().message));
    if (!said) break;
  }
  return told;
}

Result<std::vector<vici::ChildSa>> ViciReaction::answer(const Patience& patience) {
  for (;;) {
    auto polled = client_.poll();
    if (!polled) return tl::unexpected(polled.error());
    if (auto& answer = *polled) return std::move(*answer);
    std::array charon{pollfd{client_.descriptor(), POLLIN, 0}};
    if (auto waited = patience.wait(charon); !waited) return tl::unexpected(waited.error());
  }
}

std::vector<ViciReaction::Order> ViciReaction::make_orders(const std::vector<vici::ChildSa>& children) {
  const auto now = now_();
  std::map<std::uint32_t, const vici::ChildSa*> by_spi;
  for (const vici::ChildSa& child : children) by_spi.emplace(child.spi_in, &child);
  std::vector<Order> orders;
  std::set<std::string> restarted;  // IKE_SAs
  std::erase_if(deaths_, [&](Death& death) {
    if (death.due > now) return false;
    const auto child = by_spi.find(death.spi_in);
    if (child == by_spi.end() || child->second->is_replaced()) return true;
    if (!death.is_rekeyed) {
      if (may_rekey(death, child->second->name, now)) orders.push_back(rekey(*child->second));
      return false;
    }
    const std::string& ike_id = child->second->ike_id;
    if (!restarted.insert(ike_id).second) return true;
    const std::vector<Order> more = restart(ike_id, children);
    orders.insert(orders.end(), more.begin(), more.end());
    return true;
  });
  return orders;
}

bool ViciReaction::may_rekey(Death& death, const std::string& name, Clock::time_point now) {
  History& history = histories_[name];
  if (now < history.last + history.pause) {
    death.due = history.last + history.pause;
    return false;
  }
  const bool is_soon = now < history.last + 2 * history.pause;
  history.pause = is_soon ? std::min<Clock::duration>(2 * history.pause, kLongestPause) : kLeastPause;
  history.last = now;
  death = {.spi_in = death.spi_in, .due = now + kPatience, .is_rekeyed = true};
  return true;
}

Result<std::string> ViciReaction::give(const Order& order, const Patience& patience) {
  return client_.order(order.command, order.content)
      .and_then([&] { return answer(patience); })
      .map([&](const std::vector<vici::ChildSa>&) {
        const vici::Section& result = client_.response();
        const bool is_good = result.value("success") == "yes";
        return fmt::format("{}: {}", order.what, is_good ? "done" : result.value("errmsg"));
      });
}

std::string ViciReaction::give_up(const std::string& why) {
  client_ = vici::Client(socket_);  // which closes what was asked
  deaths_.clear();
  return fmt::format("charon cannot be told of dead SAs: {}", why);
}

}  // namespace sapulse::reactions
