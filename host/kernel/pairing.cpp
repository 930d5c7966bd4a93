// SPDX-License-Identifier: Apache-2.0
#include "pairing.h"

#include <fmt/format.h>
#include <linux/udp.h>
#include <netinet/in.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "direction.h"
#include "keying.h"
#include "nearest_pairs.h"

namespace sapulse::kernel {
namespace {

/// What all generations of a tunnel have in common.
using Tunnel = std::tuple<IpAddress, IpAddress, std::uint8_t, std::uint32_t, bool>;  // local, peer, mode, reqid, UDP

/// What partners have in common beside their tunnel: ciphers, lengths of the keys, ESN.
using Suite = std::tuple<std::string, std::size_t, std::string, std::size_t, std::string, std::size_t, bool>;

/// What partners usually have in common: own port, port of the peer, mark, if_id.
using Details = std::tuple<std::uint16_t, std::uint16_t, Mark, std::uint32_t>;

struct Candidate {
  SaPointer sa;
  Direction direction{};
};

Tunnel tunnel_of(const Candidate& candidate) {
  const KernelSa& sa = *candidate.sa;
  const bool inbound = candidate.direction == Direction::in;
  return {inbound ? sa.id.destination : sa.source, inbound ? sa.source : sa.id.destination, sa.mode, sa.reqid,
          sa.encapsulation.has_value()};
}

Suite suite_of(const KernelSa& sa) {
  const auto name = [](const std::optional<Algorithm>& algorithm) { return algorithm ? algorithm->name : ""; };
  const auto size = [](const std::optional<Algorithm>& algorithm) { return algorithm ? algorithm->key_bytes : 0; };
  return {name(sa.aead), size(sa.aead), name(sa.cipher), size(sa.cipher), name(sa.mac), size(sa.mac), sa.esn};
}

Details details_of(const Candidate& candidate) {
  const KernelSa& sa = *candidate.sa;
  const SaEncapsulation ports = sa.encapsulation.value_or(SaEncapsulation{});
  const bool inbound = candidate.direction == Direction::in;
  return {inbound ? ports.destination_port : ports.source_port, inbound ? ports.source_port : ports.destination_port,
          sa.id.mark, sa.if_id};
}

/// Nothing if it can be watched.
std::optional<std::string> obstacle(const KernelSa& sa) {
  if (sa.id.protocol == IPPROTO_AH) return "AH: the control channel of an SA needs ESP";
  if (sa.id.protocol == IPPROTO_COMP) return "IPComp: compresses, but protects nothing";
  if (sa.id.protocol != IPPROTO_ESP) return fmt::format("protocol {}: not ESP", sa.id.protocol);
  if (sa.id.spi < kFirstSpi) return fmt::format("SPI {} is reserved", sa.id.spi);
  if (sa.encapsulation && sa.encapsulation->type != UDP_ENCAP_ESPINUDP) {
    return fmt::format("encapsulation {}: not UDP of RFC 3948", sa.encapsulation->type);
  }
  if (!sa.source.is_unicast() || !sa.id.destination.is_unicast()) return "an address that is not that of one host";
  const auto keying = keying_of(sa);
  return keying ? std::nullopt : std::optional(keying.error().message);
}

/// Pairs one set of SAs.
class Pairer {
 public:
  Pairer(const KernelState& kernel, const Partners& earlier) : kernel_(kernel), earlier_(earlier) {}

  void add(const SaPointer& sa, const DirectionFinder& directions) {
    if (const auto reason = obstacle(*sa)) return refuse(sa, *reason);
    const auto direction = directions.find(*sa);
    if (!direction) return refuse(sa, direction.error().message);
    open_.push_back({sa, *direction});
  }

  void pair_known(const std::vector<KnownPair>& known);
  void pair_earlier();
  void pair_others();
  Pairing finish();

 private:
  void refuse(const SaPointer& sa, std::string reason) { result_.unpaired.push_back({sa, std::move(reason)}); }
  void join(const SaPointer& in, const SaPointer& out);
  [[nodiscard]] bool is_bereaved(const KernelSa& sa) const;
  /// Pairs those of equal `class_of`, the nearest first; the others stay.
  template <class ClassOf>
  void pair_classes(ClassOf class_of);
  void pair_nearest(const std::vector<Candidate>& candidates);
  void forget_paired();
  void mark_generations();
  void remember();

  const KernelState& kernel_;
  const Partners& earlier_;
  std::vector<Candidate> open_;
  std::set<const KernelSa*> paired_;
  std::vector<Candidate> left_;  // without partner: halves of pairs that are being made
  Pairing result_;
};

void Pairer::join(const SaPointer& in, const SaPointer& out) {
  result_.pairs.push_back({.in = in, .out = out});
  paired_.insert(in.get());
  paired_.insert(out.get());
}

bool Pairer::is_bereaved(const KernelSa& sa) const {
  const auto partner = earlier_.find(sa.id);
  return partner != earlier_.end() && partner->second.arrival == sa.arrival &&
         !kernel_.sas().contains(partner->second.id);
}

void Pairer::pair_known(const std::vector<KnownPair>& known) {
  std::map<std::pair<Direction, std::uint32_t>, const Candidate*> by_spi;
  for (const Candidate& candidate : open_) by_spi[{candidate.direction, candidate.sa->id.spi}] = &candidate;
  for (const KnownPair& pair : known) {
    const auto in = by_spi.find({Direction::in, pair.spi_in});
    const auto out = by_spi.find({Direction::out, pair.spi_out});
    if (in == by_spi.end() || out == by_spi.end() || paired_.contains(in->second->sa.get())) continue;
    if (tunnel_of(*in->second) == tunnel_of(*out->second)) join(in->second->sa, out->second->sa);
  }
  forget_paired();
}

void Pairer::pair_earlier() {
  std::map<SaId, SaPointer> outbound;
  for (const Candidate& candidate : open_) {
    if (candidate.direction == Direction::out) outbound.emplace(candidate.sa->id, candidate.sa);
  }
  for (const Candidate& candidate : open_) {
    const auto partner = earlier_.find(candidate.sa->id);
    const auto out = partner == earlier_.end() ? outbound.end() : outbound.find(partner->second.id);
    // IKE daemons install the inbound one first. A pair that came the other way round may have been one of what was
    // left of two generations, and is to be found again.
    if (candidate.direction == Direction::in && out != outbound.end() && candidate.sa->arrival < out->second->arrival) {
      join(candidate.sa, out->second);
    }
  }
  forget_paired();
}

void Pairer::forget_paired() {
  std::erase_if(open_, [&](const Candidate& candidate) { return paired_.contains(candidate.sa.get()); });
}

void Pairer::pair_nearest(const std::vector<Candidate>& candidates) {
  std::vector<Installed> line;
  line.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    line.push_back({.inbound = candidate.direction == Direction::in, .time = candidate.sa->added});
  }
  for (const auto& [in, out] : nearest_pairs(line)) join(candidates[in].sa, candidates[out].sa);
}

template <class ClassOf>
void Pairer::pair_classes(ClassOf class_of) {
  std::map<decltype(class_of(open_.front())), std::vector<Candidate>> classes;
  for (const Candidate& candidate : open_) classes[class_of(candidate)].push_back(candidate);
  for (const auto& [key, candidates] : classes) pair_nearest(candidates);
  forget_paired();
}

void Pairer::pair_others() {
  for (const Candidate& candidate : open_) {
    if (is_bereaved(*candidate.sa)) refuse(candidate.sa, "its partner has been deleted");
  }
  std::erase_if(open_, [&](const Candidate& candidate) { return is_bereaved(*candidate.sa); });
  std::ranges::sort(open_, {},
                    [](const Candidate& candidate) { return std::pair(candidate.sa->added, candidate.sa->arrival); });
  pair_classes([](const Candidate& c) { return std::tuple(tunnel_of(c), suite_of(*c.sa), details_of(c)); });
  left_ = open_;
  // Without reqid nothing else would tell one tunnel from another.
  std::erase_if(open_, [](const Candidate& candidate) { return candidate.sa->reqid == 0; });
  pair_classes([](const Candidate& c) { return std::tuple(tunnel_of(c), suite_of(*c.sa)); });
  std::erase_if(left_, [&](const Candidate& candidate) { return paired_.contains(candidate.sa.get()); });
  for (const Candidate& candidate : left_) {
    refuse(candidate.sa, candidate.direction == Direction::in ? "no outbound SA belongs to it (yet)"
                                                              : "no inbound SA belongs to it (yet)");
  }
}

void Pairer::mark_generations() {
  struct Generations {
    const KernelSa* youngest = nullptr;  // inbound half of a pair
    std::size_t count = 0;               // pairs, and halves
    std::chrono::steady_clock::time_point last_seen;
  };
  std::map<Tunnel, Generations> tunnels;
  const auto age = [](const KernelSa& sa) { return std::pair(sa.added, sa.arrival); };
  const auto tunnel_with = [&](const SaPair& pair) -> Generations& {
    return tunnels[tunnel_of({pair.in, Direction::in})];
  };
  const auto count = [](Generations& tunnel, const KernelSa& last) {
    ++tunnel.count;
    tunnel.last_seen = std::max(tunnel.last_seen, last.seen);
  };
  for (const SaPair& pair : result_.pairs) {
    Generations& tunnel = tunnel_with(pair);
    count(tunnel, pair.in->seen < pair.out->seen ? *pair.out : *pair.in);
    if (tunnel.youngest == nullptr || age(*tunnel.youngest) < age(*pair.in)) tunnel.youngest = pair.in.get();
  }
  for (const Candidate& candidate : left_) count(tunnels[tunnel_of(candidate)], *candidate.sa);
  for (SaPair& pair : result_.pairs) {
    if (pair.in->reqid == 0) continue;  // another one between the same hosts may be another tunnel
    const Generations& tunnel = tunnel_with(pair);
    pair.superseded = tunnel.youngest != pair.in.get();
    if (tunnel.count > 1) pair.contested = tunnel.last_seen;
  }
}

void Pairer::remember() {
  for (const auto& [id, partner] : earlier_) {
    if (kernel_.sas().contains(id)) result_.partners.emplace(id, partner);
  }
  for (const SaPair& pair : result_.pairs) {
    result_.partners.insert_or_assign(pair.in->id, Partner{.id = pair.out->id, .arrival = pair.in->arrival});
    result_.partners.insert_or_assign(pair.out->id, Partner{.id = pair.in->id, .arrival = pair.out->arrival});
  }
}

Pairing Pairer::finish() {
  mark_generations();
  remember();
  std::ranges::sort(result_.pairs, {}, [](const SaPair& pair) { return pair.in->arrival; });
  std::ranges::sort(result_.unpaired, {}, [](const UnpairedSa& unpaired) { return unpaired.sa->arrival; });
  return std::move(result_);
}

}  // namespace

Pairing pair_sas(const KernelState& kernel, const std::set<IpAddress>& local, const std::vector<KnownPair>& known,
                 const Partners& earlier) {
  const DirectionFinder directions(kernel, local);
  Pairer pairer(kernel, earlier);
  for (const auto& [id, sa] : kernel.sas()) pairer.add(sa, directions);
  pairer.pair_known(known);
  pairer.pair_earlier();
  pairer.pair_others();
  return pairer.finish();
}

}  // namespace sapulse::kernel
