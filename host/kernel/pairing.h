// SPDX-License-Identifier: Apache-2.0
// Which of the kernel's SAs belong together: the kernel knows single ones, liveness takes the two of a tunnel.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel_state.h"

namespace sapulse::kernel {

/// Two SAs of which one answers for the other.
struct SaPair {
  SaPointer in;
  SaPointer out;
  /// There is a younger pair between the same peers for the same policy: traffic goes there.
  bool superseded = false;
  /// Another generation is there, too, or half of one; the last of them has come then. Which of them the peer keeps is
  /// not known: where both sides have rekeyed at once it may be the older.
  std::optional<std::chrono::steady_clock::time_point> contested{};

  [[nodiscard]] const IpAddress& local() const { return in->id.destination; }
  [[nodiscard]] const IpAddress& peer() const { return out->id.destination; }
  /// Where the peer sends from now (NAT rebinding).
  [[nodiscard]] IpAddress current_peer() const { return in->mapped.value_or(UdpEndpoint{.address = peer()}).address; }
};

/// An SA that cannot be watched.
struct UnpairedSa {
  SaPointer sa;
  std::string reason;
};

/// What somebody who knows says: these two are one CHILD_SA. SPIs in host byte order.
struct KnownPair {
  std::uint32_t spi_in = 0;
  std::uint32_t spi_out = 0;
};

/// What an SA was paired with. One that has been deleted and comes again is another one: it arrives anew.
struct Partner {
  SaId id;
  std::uint64_t arrival = 0;  ///< of the SA whose partner it is
};

/// Partners of earlier pairings, both ways.
using Partners = std::map<SaId, Partner>;

struct Pairing {
  std::vector<SaPair> pairs;  ///< in the order in which their inbound SAs came
  std::vector<UnpairedSa> unpaired;
  Partners partners;  ///< to be given to the next pairing
};

/// Pairs SAs. The direction is what the kernel says (6.10 and later), else that of the policies that ask for the SA,
/// else by the addresses of this host. Partners have the same addresses (turned round), mode, reqid, ciphers, ESN and
/// kind of encapsulation; those with equal ports, marks and if_id come first. Of several generations those were
/// installed closest together belong together. An SA whose partner has gone gets no other one. `known` comes before all
/// that. Thread-safe.
Pairing pair_sas(const KernelState& kernel, const std::set<IpAddress>& local, const std::vector<KnownPair>& known,
                 const Partners& earlier);

}  // namespace sapulse::kernel
