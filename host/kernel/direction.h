// SPDX-License-Identifier: Apache-2.0
// Which way an SA of the kernel's goes.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "kernel_state.h"
#include "sapulse/error.h"

namespace sapulse::kernel {

/// Finds directions. `kernel` and `local`, the addresses of this host, must outlive it.
class DirectionFinder {
 public:
  DirectionFinder(const KernelState& kernel, const std::set<IpAddress>& local);

  /// Errors: unsupported; the message is the reason for which it is not known.
  [[nodiscard]] Result<Direction> find(const KernelSa& sa) const;

 private:
  struct Wanted {
    bool in = false;
    bool out = false;
  };
  using Key = std::tuple<IpAddress, IpAddress, std::uint8_t, std::uint32_t>;  // source, destination, protocol, reqid

  [[nodiscard]] Wanted by_policy(const KernelSa& sa) const;

  const std::set<IpAddress>& local_;
  std::map<Key, Wanted> templates_;
};

}  // namespace sapulse::kernel
