// SPDX-License-Identifier: Apache-2.0
#include "nearest_word.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace sapulse {
namespace {

/// Steps from one word to the other (optimal string alignment).
std::size_t distance(std::string_view from, std::string_view to) {
  // Rows of the table of distances between beginnings: the last but one, the last, and this one.
  std::array<std::vector<std::size_t>, 3> rows;
  rows.fill(std::vector<std::size_t>(to.size() + 1));
  auto& [before, last, row] = rows;
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t other = from[i - 1] == to[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + other});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[to.size()];
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view typed, std::span<const std::string> words) {
  std::optional<std::string> nearest;
  std::size_t least = 0;
  for (const std::string& word : words) {
    const std::size_t steps = distance(typed, word);
    if (steps > (word.size() + 2) / 3 || (nearest && steps >= least)) continue;
    nearest = word;
    least = steps;
  }
  return nearest;
}

}  // namespace sapulse
