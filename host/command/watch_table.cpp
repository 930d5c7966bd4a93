// SPDX-License-Identifier: Apache-2.0
#include "watch_table.h"

#include <fmt/format.h>

#include <string>

namespace sapulse::command {
namespace {

using service::Json;

std::string milliseconds(const Json& nanoseconds) {
  return nanoseconds.is_null() ? "-" : fmt::format("{:.3f} ms", nanoseconds.get<double>() / 1e6);
}

}  // namespace

void WatchTable::set(const Json& sas) {
  sas_.clear();
  for (const Json& sa : sas) sas_[sa["spi_in"].get<std::uint32_t>()] = sa;
}

void WatchTable::apply(const Json& change) {
  Json& sa = sas_[change["spi_in"].get<std::uint32_t>()];
  if (sa.is_null()) sa = {{"name", change["sa"]}, {"peer", change["peer"]}, {"liveness", Json::object()}};
  Json& liveness = sa["liveness"];
  if (liveness.is_null()) liveness = Json::object();
  liveness["state"] = change["to"];
  for (const char* field : {"reason", "rtt_ns", "heard_ns", "probes", "replies"}) liveness[field] = change[field];
  liveness["changes"] = liveness.value("changes", 0U) + 1;
}

void WatchTable::draw(std::FILE* out, bool redraw) {
  if (redraw && drawn_ != 0) fmt::print(out, "\033[{}A", drawn_);
  const char* end = redraw ? "\033[K\n" : "\n";
  fmt::print(out, "{:<20} {:>10}  {:<26} {:<10} {:<14} {:>12} {:>9} {:>9} {:>7}{}", "name", "in", "peer", "state",
             "because", "rtt", "probes", "replies", "changes", end);
  for (const auto& [spi, sa] : sas_) {
    const Json& live = sa["liveness"];
    if (live.is_null()) {
      fmt::print(out, "{:<20} {:>#10x}  {:<26} {:<10}{}", sa["name"].get<std::string>(), spi,
                 sa["peer"].get<std::string>(), "unwatched", end);
      continue;
    }
    fmt::print(out, "{:<20} {:>#10x}  {:<26} {:<10} {:<14} {:>12} {:>9} {:>9} {:>7}{}", sa["name"].get<std::string>(),
               spi, sa["peer"].get<std::string>(), live.value("state", "?"), live.value("reason", "?"),
               milliseconds(live.value("rtt_ns", Json(nullptr))), live.value("probes", 0U), live.value("replies", 0U),
               live.value("changes", 0U), end);
  }
  drawn_ = sas_.size() + 1;
  std::fflush(out);
}

void print_change(std::FILE* out, const Json& change) {
  fmt::print(out, "{:>16.6f} s  {:<20} {:>#10x}  {} -> {} ({})\n", change["time_ns"].get<double>() / 1e9,
             change["sa"].get<std::string>(), change["spi_in"].get<std::uint32_t>(), change["from"].get<std::string>(),
             change["to"].get<std::string>(), change["reason"].get<std::string>());
  std::fflush(out);
}

}  // namespace sapulse::command
