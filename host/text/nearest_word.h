// SPDX-License-Identifier: Apache-2.0
// Which word somebody may have meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sapulse {

/// The first of the words that takes the fewest steps to get to (a letter more, less or other, two neighbours swapped);
/// nothing if even that takes more than a third of its letters, rounded up. Thread-safe.
std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> words);

}  // namespace sapulse
