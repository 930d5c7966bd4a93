// SPDX-License-Identifier: Apache-2.0
#include "check_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "card_name.h"

namespace sapulse::command {
namespace {

using service::Json;
using Seconds = std::chrono::duration<double>;

constexpr std::array<std::string_view, 4> kNames{"OK", "WARNING", "CRITICAL", "UNKNOWN"};

CheckStatus status_of(std::string_view state) {
  if (state == "up") return CheckStatus::ok;
  return state == "down" || state == "lost" ? CheckStatus::critical : CheckStatus::warning;
}

std::optional<Seconds> seconds(const Json& object, const char* field) {
  const Json& value = object.at(field);
  if (value.is_null()) return std::nullopt;
  return std::chrono::nanoseconds(value.get<std::int64_t>());
}

std::string limit(const std::optional<std::chrono::nanoseconds>& limit) {
  return limit ? fmt::format("{:.6f}", Seconds(*limit).count()) : "";
}

bool is_over(const Seconds& time, const std::optional<std::chrono::nanoseconds>& limit) {
  return limit && time > *limit;
}

void judge_rtt(const std::optional<Seconds>& rtt, const CheckLimits& limits, CheckResult& result) {
  if (!rtt || result.status == CheckStatus::critical) return;
  result.text += fmt::format(", round trip {:.3f} ms", rtt->count() * 1e3);
  if (is_over(*rtt, limits.rtt_critical)) {
    result.status = CheckStatus::critical;
  } else if (is_over(*rtt, limits.rtt_warning)) {
    result.status = CheckStatus::warning;
  } else {
    return;
  }
  result.text += ", too long";
}

}  // namespace

CheckResult check(const Json& status, const CheckLimits& limits) {
  const std::string name = name_with_card(status);
  const Json& live = status.at("liveness");
  const Json& probe = status.at("probe");
  if (live.is_null() || probe.is_null()) return {.status = CheckStatus::unknown, .text = name + " is not watched"};
  const auto state = live.at("state").get<std::string>();
  const auto heard = seconds(probe, "heard_ns").value_or(Seconds(0));
  CheckResult result{.status = status_of(state),
                     .text = fmt::format("{} is {} ({}), heard {:.3f} s ago", name, state,
                                         live.at("reason").get<std::string>(), heard.count())};
  if (!live.at("fault").is_null()) {
    result.status = std::max(result.status, CheckStatus::warning);
    result.text += ", not probed: " + live.at("fault").get<std::string>();
  }
  const auto rtt = seconds(probe, "rtt_ns");
  judge_rtt(rtt, limits, result);
  if (rtt) {
    result.performance_data =
        fmt::format("rtt={:.6f}s;{};{};0 ", rtt->count(), limit(limits.rtt_warning), limit(limits.rtt_critical));
  }
  result.performance_data += fmt::format(
      "heard={:.3f}s;;;0 probes={}c replies={}c changes={}c", heard.count(), probe.at("probes").get<std::uint64_t>(),
      probe.at("replies").get<std::uint64_t>(), live.at("changes").get<std::uint64_t>());
  return result;
}

std::string to_line(const CheckResult& result) {
  std::string text = result.text;
  // A bar begins the performance data, and a line ends all.
  std::ranges::replace_if(
      text, [](char c) { return c == '|' || static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  const auto name = kNames.at(static_cast<std::size_t>(result.status));
  const std::string line = fmt::format("SAPULSE {} - {}", name, text);
  return result.performance_data.empty() ? line : line + " | " + result.performance_data;
}

}  // namespace sapulse::command
