// SPDX-License-Identifier: Apache-2.0
#include "direction.h"

namespace sapulse::kernel {

DirectionFinder::DirectionFinder(const KernelState& kernel, const std::set<IpAddress>& local) : local_(local) {
  for (const auto& [index, policy] : kernel.policies()) {
    for (const PolicyTemplate& wanted : policy.templates) {
      Wanted& ways = templates_[{wanted.source, wanted.destination, wanted.protocol, wanted.reqid}];
      (policy.direction == Direction::in ? ways.in : ways.out) = true;
    }
  }
}

DirectionFinder::Wanted DirectionFinder::by_policy(const KernelSa& sa) const {
  // A policy may leave addresses and reqid open. Without any of them it would mean every SA.
  const IpAddress any;
  const auto protocol = sa.id.protocol;
  Wanted result;
  for (const Key& key : {Key{sa.source, sa.id.destination, protocol, sa.reqid}, Key{any, any, protocol, sa.reqid},
                         Key{sa.source, sa.id.destination, protocol, 0}}) {
    if (key == Key{any, any, protocol, 0}) continue;
    const auto found = templates_.find(key);
    if (found == templates_.end()) continue;
    result.in = result.in || found->second.in;
    result.out = result.out || found->second.out;
  }
  return result;
}

Result<Direction> DirectionFinder::find(const KernelSa& sa) const {
  if (sa.direction) return *sa.direction;
  const Wanted wanted = by_policy(sa);
  if (wanted.in != wanted.out) return wanted.in ? Direction::in : Direction::out;
  const bool from_here = local_.contains(sa.source);
  const bool to_here = local_.contains(sa.id.destination);
  if (from_here != to_here) return to_here ? Direction::in : Direction::out;
  return failure(Errc::unsupported, from_here
                                        ? "both addresses are those of this host, and no policy tells the direction"
                                        : "neither address is one of this host, and no policy tells the direction");
}

}  // namespace sapulse::kernel
