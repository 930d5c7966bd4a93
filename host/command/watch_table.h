// SPDX-License-Identifier: Apache-2.0
// The live table of `sapulse watch`.
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

struct TerminalSize {
  std::size_t lines = 24;
  std::size_t columns = 80;

  /// Of the standard output; nothing if it is none.
  static std::optional<TerminalSize> of_output();
};

/// SAs with their states, kept up to date from the lines of a service.
class WatchTable {
 public:
  /// Of {"sas": [...]}: SAs as they are now.
  void add(const service::Json& sas);
  /// Whether all SAs are in this state; those that are not watched never are.
  [[nodiscard]] bool all_are(std::string_view state) const;
  /// {"change": {...}}
  void apply(const service::Json& change);
  /// On a terminal: over the table that was drawn before, as much as fits, what is not up first. Elsewhere all of it.
  void draw(std::FILE* out, const std::optional<TerminalSize>& terminal);

 private:
  [[nodiscard]] std::vector<std::string> lines(std::size_t most) const;

  std::map<std::pair<std::string, std::uint32_t>, service::Json> sas_;  // by card and inbound SPI, as sa-list has them
  std::size_t drawn_ = 0;                                               // lines of the last drawing
};

/// One line about a change, for people.
void print_change(std::FILE* out, const service::Json& change);

}  // namespace sapulse::command
