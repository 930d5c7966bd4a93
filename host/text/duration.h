// SPDX-License-Identifier: Apache-2.0
// Times as people write them.
#pragma once

#include <chrono>
#include <string_view>

#include "sapulse/error.h"

namespace sapulse {

/// "250ns", "3.3ms", "10us", "2s", "5min": a number of at least 0 and its unit, up to a day. Errors: parse_error
/// ("expected a time with its unit ..."). Thread-safe.
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

}  // namespace sapulse
