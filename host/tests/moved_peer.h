// SPDX-License-Identifier: Apache-2.0
// What the card tells of a message that has come from another place than the path of its SA leads to.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sapulse/exception.h"
#include "sapulse/path.h"
#include "sapulse/registers.h"
#include "sapulse/sa.h"

namespace sapulse::test {

/// @param place over UDP, with one VLAN tag
/// @param message type of the control header: echo request, or reply to a request that was outstanding
inline Exception moved_peer(const SaInfo& sa, const Place& place, std::uint8_t message, std::uint64_t time) {
  const auto fill = [](auto to, const auto& from) { std::ranges::copy(std::as_bytes(std::span(from)), to.begin()); };
  std::array<std::byte, regs::kPlaceBytes> bytes{};
  const regs::Place told{std::span(bytes)};
  told.set_encapsulation(1);
  told.set_tags(1);
  told.set_tag0(std::uint32_t{place.path.tags.at(0).tpid} << 16 | place.path.tags.at(0).tci);
  told.set_source_port(place.path.own_port);
  told.set_destination_port(place.path.peer_port);
  fill(told.destination_mac(), place.path.peer_mac.bytes());
  fill(told.source_mac(), place.path.own_mac.bytes());
  fill(told.source(), sa.local.bytes());
  fill(told.destination(), place.peer.bytes());
  Exception exception;
  exception.cause = Cause::peer_moved;
  exception.sa = sa.number;
  exception.spi = sa.spi_in;
  exception.message = message;
  exception.time = time;
  for (const std::byte byte : bytes) exception.snapshot.push_back(std::to_integer<std::uint8_t>(byte));
  return exception;
}

/// The same as the card writes it into its ring.
inline std::array<std::byte, regs::kExceptionBytes> moved_peer_entry(const SaInfo& sa, const Place& place,
                                                                     std::uint8_t message, std::uint64_t time) {
  const Exception exception = moved_peer(sa, place, message, time);
  std::array<std::byte, regs::kExceptionBytes> bytes{};
  const regs::Exception entry{std::span(bytes)};
  entry.set_cause(exception.cause);
  entry.set_flags(1);  // the SA is known
  entry.set_sa(sa.number);
  entry.set_spi(sa.spi_in);
  entry.set_message(message);
  entry.set_time(time);
  entry.set_captured(static_cast<std::uint8_t>(exception.snapshot.size()));
  std::ranges::copy(std::as_bytes(std::span(exception.snapshot)), entry.snapshot().begin());
  return bytes;
}

}  // namespace sapulse::test
