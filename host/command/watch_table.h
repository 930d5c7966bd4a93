// SPDX-License-Identifier: Apache-2.0
// The SAs of `sapulse watch` with their states.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service.h"

namespace sapulse::command {

/// An SA as it is shown.
struct WatchedSa {
  std::string name;
  std::uint32_t spi_in = 0;
  std::string peer;
  std::string state;  ///< "unwatched", too
  std::string reason{};
  std::optional<double> rtt_ns{};
  std::uint64_t probes = 0;
  std::uint64_t replies = 0;
  std::uint64_t changes = 0;
};

/// What comes first; equal ones by name, in which numbers count as such.
enum class WatchOrder : std::uint8_t {
  state,  ///< what is not up
  name,
  peer,
  rtt  ///< the longest
};
inline constexpr std::size_t kWatchOrders = 4;
std::string_view name_of(WatchOrder order);

/// Kept up to date from the lines of a service.
class WatchTable {
 public:
  /// Of {"sas": [...]}: SAs as they are now.
  void add(const service::Json& sas);
  /// {"change": {...}}
  void apply(const service::Json& change);

  /// Whether all SAs are in this state; those that are not watched never are.
  [[nodiscard]] bool all_are(std::string_view state) const;
  /// SAs by state.
  [[nodiscard]] std::map<std::string, std::size_t> counts() const;
  /// Valid until the table changes.
  [[nodiscard]] std::vector<const WatchedSa*> sorted(WatchOrder order) const;

 private:
  using Key = std::pair<std::string, std::uint32_t>;  // card and inbound SPI
  static Key key_of(const service::Json& entry);

  std::map<Key, WatchedSa> sas_;
};

/// Whether one name comes before another: "sa9" before "sa10".
[[nodiscard]] bool is_before(const std::string& name, const std::string& other);

/// One line about a change, for people.
void print_change(std::FILE* out, const service::Json& change);

}  // namespace sapulse::command
