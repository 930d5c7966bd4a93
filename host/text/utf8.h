// SPDX-License-Identifier: Apache-2.0
// Whether text is UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sapulse {

/// Position of the first byte that is not part of UTF-8 (RFC 3629); nothing if all are. Thread-safe.
std::optional<std::size_t> find_bad_utf8(std::string_view text);

}  // namespace sapulse
