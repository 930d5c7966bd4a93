// SPDX-License-Identifier: Apache-2.0
// SAs as a service lists them.
#pragma once

#include <string>

#include "service.h"

namespace sapulse::command {

using service::Json;

inline Json watched_sa(unsigned spi, const std::string& state) {
  return {
      {"name", "sa" + std::to_string(spi)},
      {"spi_in", spi},
      {"peer", "198.51.100.1"},
      {"liveness", {{"state", state}, {"reason", "sign-of-life"}, {"rtt_ns", 5000}, {"probes", 1}, {"replies", 1}}}};
}

}  // namespace sapulse::command
