// SPDX-License-Identifier: Apache-2.0
#include "watch_table.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <array>

#include "card_name.h"

namespace sapulse::command {
namespace {

using service::Json;

constexpr std::array<std::string_view, kWatchOrders> kOrderNames{"state", "name", "peer", "rtt"};

void take_rtt(WatchedSa& sa, const Json& from) {
  const auto rtt = from.find("rtt_ns");
  sa.rtt_ns = rtt == from.end() || rtt->is_null() ? std::nullopt : std::optional(rtt->get<double>());
}

/// The worst first.
int rank(const WatchedSa& sa) {
  constexpr std::array<std::string_view, 7> kStates{"lost", "down", "suspect", "init", "admin-down", "up", "unwatched"};
  return static_cast<int>(std::ranges::find(kStates, sa.state) - kStates.begin());
}

bool is_before_in(WatchOrder order, const WatchedSa& sa, const WatchedSa& other) {
  const bool by_name = is_before(sa.name, other.name) || (sa.name == other.name && sa.spi_in < other.spi_in);
  switch (order) {
    case WatchOrder::state:
      return rank(sa) != rank(other) ? rank(sa) < rank(other) : by_name;
    case WatchOrder::peer:
      return sa.peer != other.peer ? is_before(sa.peer, other.peer) : by_name;
    case WatchOrder::rtt:
      return sa.rtt_ns != other.rtt_ns ? sa.rtt_ns > other.rtt_ns : by_name;
    case WatchOrder::name:
      break;
  }
  return by_name;
}

}  // namespace

std::string_view name_of(WatchOrder order) { return kOrderNames.at(static_cast<std::size_t>(order)); }

bool is_before(const std::string& name, const std::string& other) {
  return ::strverscmp(name.c_str(), other.c_str()) < 0;
}

WatchTable::Key WatchTable::key_of(const Json& entry) {
  return {entry.value("card", ""), entry["spi_in"].get<std::uint32_t>()};
}

void WatchTable::add(const Json& sas) {
  for (const Json& from : sas) {
    const Key key = key_of(from);
    WatchedSa& sa = sas_[key];
    sa = {.name = name_with_card(from), .spi_in = key.second, .peer = from["peer"], .state = "unwatched"};
    const Json& live = from["liveness"];
    if (live.is_null()) continue;
    sa.state = live.value("state", "?");
    sa.reason = live.value("reason", "?");
    take_rtt(sa, live);
    sa.probes = live.value("probes", std::uint64_t{0});
    sa.replies = live.value("replies", std::uint64_t{0});
    sa.changes = live.value("changes", std::uint64_t{0});
  }
}

void WatchTable::apply(const Json& change) {
  const Key key = key_of(change);
  WatchedSa& sa = sas_[key];
  sa.name = name_with_card(change, "sa");
  sa.spi_in = key.second;
  sa.peer = change["peer"];
  sa.state = change["to"];
  sa.reason = change["reason"];
  take_rtt(sa, change);
  sa.probes = change["probes"];
  sa.replies = change["replies"];
  ++sa.changes;
}

bool WatchTable::all_are(std::string_view state) const {
  return std::ranges::all_of(sas_, [&](const auto& entry) { return entry.second.state == state; });
}

std::map<std::string, std::size_t> WatchTable::counts() const {
  std::map<std::string, std::size_t> counts;
  for (const auto& [key, sa] : sas_) ++counts[sa.state];
  return counts;
}

std::vector<const WatchedSa*> WatchTable::sorted(WatchOrder order) const {
  std::vector<const WatchedSa*> result;
  result.reserve(sas_.size());
  for (const auto& [key, sa] : sas_) result.push_back(&sa);
  std::ranges::sort(result,
                    [&](const WatchedSa* sa, const WatchedSa* other) { return is_before_in(order, *sa, *other); });
  return result;
}

void print_change(std::FILE* out, const Json& change) {
  fmt::print(out, "{:>16.6f} s  {:<20} {:>#10x}  {} -> {} ({})\n", change["time_ns"].get<double>() / 1e9,
             name_with_card(change, "sa"), change["spi_in"].get<std::uint32_t>(), change["from"].get<std::string>(),
             change["to"].get<std::string>(), change["reason"].get<std::string>());
  std::fflush(out);
}

}  // namespace sapulse::command
