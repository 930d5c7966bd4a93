// SPDX-License-Identifier: Apache-2.0
// The live table of `sapulse watch`.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>

#include "service.h"

namespace sapulse::command {

/// SAs with their states, kept up to date from the lines of a service.
class WatchTable {
 public:
  /// {"sas": [...]}
  void set(const service::Json& sas);
  /// {"change": {...}}
  void apply(const service::Json& change);
  /// `redraw`: over the table that was drawn before.
  void draw(std::FILE* out, bool redraw);

 private:
  std::map<std::uint32_t, service::Json> sas_;  // by inbound SPI, as sa-list has them
  std::size_t drawn_ = 0;                       // lines of the last drawing
};

/// One line about a change, for people.
void print_change(std::FILE* out, const service::Json& change);

}  // namespace sapulse::command
