// SPDX-License-Identifier: Apache-2.0
#include "other_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sapulse/registers.h"

namespace sapulse::command {
namespace {

const MacAddress kDefaultMac({0x02, 0x5a, 0, 0, 0, 0x01});
const MacAddress kPeerMac({0x02, 0x5a, 0, 0, 0, 0x02});

/// The other end of an SA.
SaParameters mirror(const SaParameters& sa, const Path& path) {
  SaParameters other;
  other.name = sa.name;
  other.local = sa.peer;
  other.peer = sa.local;
  other.in = sa.out;
  other.out = sa.in;
  other.plain = sa.plain;
  other.path = path;
  std::swap(other.path->own_mac, other.path->peer_mac);
  std::swap(other.path->own_port, other.path->peer_port);
  return other;
}

}  // namespace

JoinedMacs JoinedMacs::of(const Config& config) {
  return {.own = config.card.mac.empty() ? kDefaultMac : config.card.mac.front(), .peer = kPeerMac};
}

void lead_paths(Config& config, const JoinedMacs& macs) {
  for (SaParameters& sa : config.sas) {
    if (!sa.path) sa.path.emplace();
    sa.path->own_mac = macs.own;
    sa.path->peer_mac = macs.peer;
  }
}

Result<Config> other_side_of(const Config& config) {
  Config other;
  other.card.control_spi = config.card.control_spi;
  other.card.udp_port = config.card.udp_port;
  for (const SaParameters& sa : config.sas) {
    auto& local = other.card.local;
    if (std::ranges::find(local, sa.peer) == local.end()) local.push_back(sa.peer);
    if (sa.path) other.sas.push_back(mirror(sa, *sa.path));
  }
  if (other.card.local.size() > regs::kLocalAddresses) {
    return failure(Errc::invalid_argument,
                   fmt::format("the SAs have {} peer addresses, but the simulated peer, a card like others, has room "
                               "for {}",
                               other.card.local.size(), regs::kLocalAddresses));
  }
  return other;
}

}  // namespace sapulse::command
