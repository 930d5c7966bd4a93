// SPDX-License-Identifier: Apache-2.0
#include "duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace sapulse {
namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};
// "s" comes last: others end with it.
constexpr std::array kUnits{Unit{"ns", 1}, Unit{"us", 1e3}, Unit{"ms", 1e6}, Unit{"min", 60e9}, Unit{"s", 1e9}};
constexpr double kDay = 86400e9;

}  // namespace

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const auto unit = std::ranges::find_if(kUnits, [&](const Unit& one) { return text.ends_with(one.name); });
  double value = -1;
  if (unit != kUnits.end()) {
    text.remove_suffix(unit->name.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + text.size()) value = -1;
    value *= unit->nanoseconds;
  }
  if (!(value >= 0 && value <= kDay)) {
    return failure(Errc::parse_error, "expected a time with its unit (ns, us, ms, s or min), at most a day");
  }
  return std::chrono::nanoseconds(std::llround(value));
}

}  // namespace sapulse
