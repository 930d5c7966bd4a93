// SPDX-License-Identifier: Apache-2.0
#include "attacker.h"

#include <utility>

#include "packet.h"
#include "sa_set.h"
#include "sapulse_wire.h"

namespace sapulse::lab {
namespace {

constexpr std::size_t kMostRecorded = 256;

}  // namespace

Attacker::Attacker(const Scenario& scenario, const Forge& forge, std::uint64_t seed)
    : link_(scenario.links[forge.link]),
      forge_(forge),
      peer_(link_.first == forge.victim ? link_.second : link_.first),
      random_(seed) {}

void Attacker::record(std::span<const std::byte> frame) {
  if (recorded_.size() == kMostRecorded) recorded_.pop_front();
  recorded_.emplace_back(frame.begin(), frame.end());
}

sim::Frame Attacker::next() { return forge_.kind == Forge::Kind::errors ? forge_error() : replay(); }

sim::Frame Attacker::forge_error() {
  const std::uint32_t spi = spi_to(peer_, forge_.link, random_() % link_.sas);
  // As if the victim had sent a packet of this SPI: the error goes back to it.
  OffendingPacket offending;
  offending.mac_dst = mac_of(peer_);
  offending.mac_src = mac_of(forge_.victim);
  offending.ipv6 = link_.ipv6;
  offending.src = address_of(forge_.victim, link_.ipv6);
  offending.dst = address_of(peer_, link_.ipv6);
  offending.encapsulation = link_.encapsulation;
  offending.sport = offending.dport = wire::udp_port_ipsec;
  offending.spi = wire::spi_control;
  ClearError error;
  error.outer_spi = wire::spi_control;
  error.code = wire::error_unknown_spi;
  error.subject = spi;
  error.transaction = static_cast<std::uint32_t>(random_());
  for (std::uint8_t& byte : error.token) byte = static_cast<std::uint8_t>(random_() >> 56);
  error.spi = spi;
  error.sequence = static_cast<std::uint32_t>(random_() % 1000);
  const std::vector<std::uint8_t> built = build_error(offending, error);
  const auto bytes = std::as_bytes(std::span(built));
  return {bytes.begin(), bytes.end()};
}

sim::Frame Attacker::replay() {
  if (recorded_.empty()) return {};
  sim::Frame frame = recorded_[random_() % recorded_.size()];
  if (forge_.kind == Forge::Kind::tampered) {
    // Behind the addresses: the frame shall still reach its victim.
    constexpr std::size_t kFirst = wire::ethernet_bytes + wire::ipv4_bytes;
    const std::size_t bit = random_() % (8 * (frame.size() - kFirst));
    frame[kFirst + bit / 8] ^= std::byte{1} << bit % 8;
  }
  return frame;
}

}  // namespace sapulse::lab
