// SPDX-License-Identifier: Apache-2.0
// What monitoring systems are told of an SA, in the form of Nagios plug-ins.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "service.h"

namespace sapulse::command {

/// Exit statuses of plug-ins.
enum class CheckStatus : std::uint8_t { ok = 0, warning = 1, critical = 2, unknown = 3 };

struct CheckLimits {
  std::optional<std::chrono::nanoseconds> rtt_warning{};
  std::optional<std::chrono::nanoseconds> rtt_critical{};
};

struct CheckResult {
  CheckStatus status = CheckStatus::unknown;
  std::string text{};              ///< for people
  std::string performance_data{};  ///< 'label'=value[unit];[warning];[critical];[least], separated by spaces
};

/// Judges an SA by the answer to `sa-status`: up is OK; suspect, init and admin-down are WARNING; down and lost are
/// CRITICAL; one that is not watched is UNKNOWN.
CheckResult check(const service::Json& status, const CheckLimits& limits);

/// "SAPULSE OK - text | performance data": one line, whatever the text is.
std::string to_line(const CheckResult& result);

}  // namespace sapulse::command
