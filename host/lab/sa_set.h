// SPDX-License-Identifier: Apache-2.0
// The SAs of a link: what both ends have been configured with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "sapulse/address.h"
#include "sapulse/sa.h"
#include "scenario.h"

namespace sapulse::lab {

/// Address of a node; every node has one of each family.
IpAddress address_of(NodeIndex node, bool ipv6);
MacAddress mac_of(NodeIndex node);

/// SPI of packets to `node` on SA number `sa` of a link; stays the same when the SA is negotiated anew.
std::uint32_t spi_to(NodeIndex node, std::size_t link, std::size_t sa);
/// The number of the SA that such an SPI belongs to.
std::size_t sa_number(std::uint32_t spi);

/// Both ends of an SA pair.
struct SaPair {
  SaParameters first;   ///< as the link's first node has it
  SaParameters second;  ///< as the second one
};

/// A pair with fresh keys from `random`; key sizes alternate with the number of the SA.
SaPair make_pair(const Scenario& scenario, std::size_t link, std::size_t sa, std::mt19937_64& random);

}  // namespace sapulse::lab
