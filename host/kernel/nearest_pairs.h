// SPDX-License-Identifier: Apache-2.0
// Pairs things of two kinds by their nearness in time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sapulse::kernel {

/// One of a line, in the order in which they were installed.
struct Installed {
  bool inbound = false;
  std::uint64_t time = 0;  ///< s, never less than that of the one before
};

/// Joins, again and again, the inbound and the outbound one that are nearest to each other, of equally near ones first
/// those whose inbound one came first (IKE daemons install it first), then the older ones. So generations of an SA find
/// together, also if one half is missing, or if two rekeyings overlap. Indices: inbound, outbound. O(n log n).
/// Thread-safe.
std::vector<std::pair<std::size_t, std::size_t>> nearest_pairs(const std::vector<Installed>& line);

}  // namespace sapulse::kernel
