// SPDX-License-Identifier: Apache-2.0
#include "sa_target.h"

#include <fmt/format.h>

#include <algorithm>

namespace sapulse::kernel {

std::string EndpointTarget::obstacle(const IpAddress& local, const std::optional<Path>& path) const {
  const CardConfig& config = endpoint_.card().config();
  if (std::ranges::find(config.local, local) == config.local.end()) {
    return fmt::format("{} is not one of the addresses that the card answers for (local)", local.to_string());
  }
  if (path && path->encapsulation == Encapsulation::udp && path->own_port != config.udp_port) {
    return fmt::format("UDP port {} is not the one that the card answers on ({})", path->own_port, config.udp_port);
  }
  return {};
}

}  // namespace sapulse::kernel
