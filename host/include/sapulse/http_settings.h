// SPDX-License-Identifier: Apache-2.0
// What the service tells by HTTP.
#pragma once

#include <cstdint>

#include "sapulse/address.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Metrics and a page for browsers. Nobody is asked who he is, so the default address is for this computer alone.
struct HttpSettings {
  IpAddress address = IpAddress::v4(0x7f000001);  ///< to listen on
  std::uint16_t port = 9753;                      ///< 0: any that is free
  unsigned clients = 8;                           ///< served at a time, 1..64
  bool sa_metrics = true;                         ///< false: totals only

  friend bool operator==(const HttpSettings&, const HttpSettings&) = default;
};

}  // namespace sapulse
#pragma GCC visibility pop
