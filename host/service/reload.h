// SPDX-License-Identifier: Apache-2.0
// From one configuration to the next while the card works.
#pragma once

#include <cstddef>

#include "sapulse/config.h"
#include "sapulse/endpoint.h"
#include "sapulse/error.h"
#include "sapulse/store.h"

namespace sapulse::service {

/// SAs of the new configuration, and those that it no longer has.
struct Reloaded {
  std::size_t added = 0;
  std::size_t rekeyed = 0;   ///< same inbound SPI, other keys: installed in place of the old one
  std::size_t adjusted = 0;  ///< another name, path, peer address or way to be watched; windows and counters stay
  std::size_t kept = 0;      ///< not touched
  std::size_t removed = 0;
};

/// Brings SAs from those of `from`, which the endpoint was opened with, to those of `to`. SAs that are in neither file
/// stay as they are, and those that an operator has removed meanwhile stay removed. Nothing has been changed after
/// these errors: invalid_argument (a setting that takes a restart; keys that would be used anew), exists (a new SA has
/// the inbound SPI of one that came otherwise), no_space (the old SAs go only once the new ones are there). Others:
/// those of SaManager and Monitor.
Result<Reloaded> reload(Endpoint& endpoint, const Config& from, const Config& to);

/// SAs of the configuration that a directory of state, which is the truth about SAs, has not, or with other keys.
std::size_t count_ignored(const SaStore& store, const Config& config);

}  // namespace sapulse::service
