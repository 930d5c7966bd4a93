// SPDX-License-Identifier: Apache-2.0
#include "follower.h"

#include <fmt/format.h>

#include <algorithm>

#include "keying.h"

namespace sapulse::kernel {
namespace {

std::string default_name(const SaPair& pair) { return fmt::format("{}/{}", pair.peer().to_string(), pair.in->reqid); }

Path path_of(const SaPair& pair, const NextHop& hop, const Path& defaults) {
  Path path = defaults;
  if (path.own_mac == MacAddress()) path.own_mac = hop.own_mac;
  if (path.peer_mac == MacAddress()) path.peer_mac = hop.peer_mac;
  if (path.tags.empty()) path.tags = hop.tags;
  path.encapsulation = Encapsulation::esp;
  if (const auto& encapsulation = pair.in->encapsulation) {
    path.encapsulation = Encapsulation::udp;
    path.own_port = encapsulation->destination_port;
    path.peer_port = pair.out->encapsulation.value_or(SaEncapsulation{.destination_port = encapsulation->source_port})
                         .destination_port;
    if (const auto& mapped = pair.in->mapped) path.peer_port = mapped->port;
  }
  return path;
}

bool has_both_macs(const Path& path) { return path.own_mac != MacAddress() && path.peer_mac != MacAddress(); }

}  // namespace

Follower::Follower(SaTarget& target, KernelSaSettings settings) : target_(target), settings_(std::move(settings)) {}

bool Follower::concerns_one_sa(const Error& error) const {
  switch (error.code) {
    case Errc::invalid_argument:
    case Errc::exists:
    case Errc::no_space:
    case Errc::unsupported:
      return true;
    case Errc::device_error:
      return target_.changeable().has_value();  // the card has refused it
    default:
      return false;
  }
}

// ---- What the kernel wants

Follower::Wanted Follower::describe(const NamespacePairs& place, const SaPair& pair, const PairNames& names) const {
  const auto name = names.find({pair.in->id.spi, pair.out->id.spi});
  Wanted wanted{.pair = &pair,
                .network_namespace = place.name,
                .name = name != names.end() ? name->second : default_name(pair),
                .rule = {},
                .peer = pair.current_peer(),
                .path = {},
                .path_reason = {}};
  wanted.rule = settings_.rule_for({.name = wanted.name,
                                    .local = pair.local(),
                                    .peer = wanted.peer,
                                    .reqid = pair.in->reqid,
                                    .if_id = pair.in->if_id});
  const auto hop =
      has_both_macs(settings_.path) ? Result<NextHop>(NextHop{}) : place.next_hop(pair.local(), wanted.peer);
  if (hop) wanted.path = path_of(pair, *hop, settings_.path);
  if (!hop) wanted.path_reason = hop.error().message;
  return wanted;
}

Follower::WantedSas Follower::collect(const KernelPairs& kernel) {
  WantedSas result;
  for (const NamespacePairs& place : kernel.namespaces) {
    for (const UnpairedSa& unpaired : place.pairing->unpaired) {
      if (target_.is_elsewhere(unpaired.sa->source) || target_.is_elsewhere(unpaired.sa->id.destination)) continue;
      list_unwatched(place.name, *unpaired.sa, "", unpaired.reason);
    }
    for (const SaPair& pair : place.pairing->pairs) {
      if (target_.is_elsewhere(pair.local())) continue;
      Wanted wanted = describe(place, pair, kernel.names);
      std::string reason =
          wanted.rule.use == KernelSaUse::skip ? "a rule says so" : target_.obstacle(pair.local(), wanted.path);
      if (reason.empty() && result.contains(pair.in->id.spi)) reason = "another SA has the same inbound SPI";
      if (!reason.empty()) {
        list_unwatched(place.name, *pair.in, wanted.name, std::move(reason));
        continue;
      }
      result.emplace(pair.in->id.spi, std::move(wanted));
    }
  }
  return result;
}

void Follower::list_unwatched(const std::string& place, const KernelSa& sa, const std::string& name,
                              std::string reason) {
  unwatched_.push_back({.network_namespace = place,
                        .name = name,
                        .source = sa.source,
                        .destination = sa.id.destination,
                        .spi = sa.id.spi,
                        .protocol = sa.id.protocol,
                        .reqid = sa.reqid,
                        .reason = std::move(reason)});
}

// ---- The difference

void Follower::adopt(const std::vector<SaInfo>& restored, const WantedSas& wanted) {
  for (const SaInfo& sa : restored) {
    Installed entry{.in_sa = {},
                    .out_sa = {},
                    .tunnel = {},
                    .name = sa.name,
                    .peer = sa.peer,
                    .path = sa.path,
                    .watched = sa.liveness,
                    .probe_from = {}};
    const auto found = wanted.find(sa.spi_in);
    // SPIs are chosen at random, so the kernel's SA with these SPIs and this address is the one that was stored.
    if (found != wanted.end() && found->second.pair->out->id.spi == sa.spi_out &&
        found->second.pair->local() == sa.local) {
      entry.in_sa = found->second.pair->in;
      entry.out_sa = found->second.pair->out;
    }
    installed_.emplace(sa.spi_in, std::move(entry));
  }
}

bool Follower::is_same(const Installed& installed, const Wanted& wanted) {
  const auto same = [](const SaPointer& a, const SaPointer& b) { return a == b || (a && b && same_keys(*a, *b)); };
  const SaPair& pair = *wanted.pair;
  return same(installed.in_sa, pair.in) && same(installed.out_sa, pair.out) &&
         installed.in_sa->id.destination == pair.local();
}

Result<void> Follower::update(const std::function<KernelPairs()>& pair, Time now) {
  const std::vector<SaInfo> restored = std::exchange(adopted_, true) ? std::vector<SaInfo>() : target_.installed();
  Difference difference;
  target_.run_beside([&] {
    unwatched_.clear();
    next_update_.reset();
    WantedSas wanted = collect(pair());
    adopt(restored, wanted);
    difference = compare(std::move(wanted));
  });
  if (auto done = remove(difference.replaced).and_then([&] { return add(difference); }); !done) return done;
  target_.run_beside([&] { take_stock(difference, now); });
  for (const WantedSas::node_type& sa : difference.changed) {
    if (auto done = adjust(sa.key(), sa.mapped(), now); !done) return done;
    target_.take_turn();
  }
  return remove(difference.gone);
}

Follower::Difference Follower::compare(WantedSas wanted) const {
  Difference result;
  for (const auto& [spi, installed] : installed_) {
    const auto found = wanted.find(spi);
    if (found == wanted.end()) {
      result.gone.push_back(spi);
    } else if (!is_same(installed, found->second)) {
      result.replaced.push_back(spi);
    }
  }
  for (const auto& [spi, sa] : wanted) {
    const auto found = installed_.find(spi);
    if (found != installed_.end() && is_same(found->second, sa)) continue;
    SaParameters parameters{.name = sa.name, .local = sa.pair->local(), .peer = sa.peer, .in = {}, .out = {}};
    parameters.in = *keying_of(*sa.pair->in);  // pairs are made of SAs that have keys
    parameters.out = *keying_of(*sa.pair->out);
    parameters.path = sa.path;
    result.fresh.push_back(std::move(parameters));
  }
  result.wanted = std::move(wanted);
  return result;
}

Result<void> Follower::remove(const std::vector<std::uint32_t>& spis) {
  if (spis.empty()) return {};
  return target_.remove(spis).map([&] {
    for (const std::uint32_t spi : spis) installed_.erase(spi);
  });
}

Result<void> Follower::add(Difference& difference) {
  const std::vector<SaParameters>& fresh = difference.fresh;
  if (fresh.empty()) return {};
  if (target_.add(fresh)) {
    for (const SaParameters& sa : fresh) difference.added.push_back(sa.in.spi);
    return {};
  }
  // One of them cannot be installed: which one shows when each goes alone.
  for (const SaParameters& sa : fresh) {
    const auto added = target_.add(std::span(&sa, 1));
    if (!added && !concerns_one_sa(added.error())) return added;
    const Wanted& one = difference.wanted.at(sa.in.spi);
    if (added) difference.added.push_back(sa.in.spi);
    if (!added) list_unwatched(one.network_namespace, *one.pair->in, one.name, added.error().message);
    target_.take_turn();
  }
  return {};
}

void Follower::take_stock(Difference& difference, Time now) {
  for (const std::uint32_t spi : difference.added) note_added(spi, difference.wanted.at(spi), now);
  std::set<Tunnel> ending;
  for (const std::uint32_t spi : difference.gone) ending.insert(installed_.at(spi).tunnel);
  for (auto next = difference.wanted.begin(); next != difference.wanted.end();) {
    const auto current = next++;
    const auto& [spi, sa] = *current;
    const auto found = installed_.find(spi);
    if (found == installed_.end()) continue;
    Installed& installed = found->second;
    installed.in_sa = sa.pair->in;
    installed.out_sa = sa.pair->out;
    if (ending.contains(installed.tunnel)) installed.probe_from = std::min(installed.probe_from, now);
    installed.tunnel = tunnel_of(sa);
    std::string reason = why_not_probed(installed, sa, now);
    const auto watched = reason.empty() ? std::optional(sa.rule.liveness) : std::nullopt;
    if (new_path(installed, sa) != nullptr || installed.name != sa.name || installed.watched != watched) {
      difference.changed.push_back(difference.wanted.extract(current));
    } else if (!reason.empty()) {
      list_unwatched(sa.network_namespace, *sa.pair->in, sa.name, std::move(reason));
    }
  }
  // Very many take time to go, too.
  difference.fresh = {};
  difference.wanted = {};
}

// Without a new path the old one is as good as any.
const Path* Follower::new_path(const Installed& installed, const Wanted& wanted) {
  const bool differs = installed.path != wanted.path || installed.peer != wanted.peer;
  return wanted.path && differs ? &*wanted.path : nullptr;
}

Follower::Tunnel Follower::tunnel_of(const Wanted& wanted) {
  return {wanted.network_namespace, wanted.pair->local(), wanted.pair->peer(), wanted.pair->in->reqid};
}

void Follower::note_added(std::uint32_t spi, const Wanted& wanted, Time now) {
  const SaPair& pair = *wanted.pair;
  installed_.insert_or_assign(
      spi, Installed{.in_sa = pair.in,
                     .out_sa = pair.out,
                     .tunnel = tunnel_of(wanted),
                     .name = wanted.name,
                     .peer = wanted.peer,
                     .path = wanted.path,
                     .watched = {},
                     .probe_from = now + std::chrono::duration_cast<Time::duration>(settings_.settle)});
}

Result<void> Follower::adjust(std::uint32_t spi, const Wanted& wanted, Time now) {
  Installed& installed = installed_.at(spi);
  if (installed.name != wanted.name) {
    if (auto done = target_.rename(spi, wanted.name); !done) return done;
    installed.name = wanted.name;
  }
  if (const Path* path = new_path(installed, wanted)) {
    auto moved = target_.set_place(spi, {.peer = wanted.peer, .path = *path});
    if (!moved && !concerns_one_sa(moved.error())) return moved;
    if (moved) installed.path = wanted.path, installed.peer = wanted.peer;
  }
  return adjust_watch(spi, wanted, now);
}

void Follower::wake_at(Time time) { next_update_ = std::min(next_update_.value_or(time), time); }

std::string Follower::why_not_probed(const Installed& installed, const Wanted& wanted, Time now) {
  if (wanted.rule.use == KernelSaUse::answer) return "answered, but not probed: a rule says so";
  if (!installed.path) return wanted.path_reason.empty() ? "the card takes no path" : wanted.path_reason;
  if (wanted.pair->superseded) return "a younger SA has taken its place";
  if (const auto since = wanted.pair->contested; since && now < *since + kRekeyingPatience) {
    wake_at(*since + kRekeyingPatience);
    return "its rekeying is under way";
  }
  if (now < installed.probe_from) {
    wake_at(installed.probe_from);
    return "installed a moment ago";
  }
  return {};
}

Result<void> Follower::adjust_watch(std::uint32_t spi, const Wanted& wanted, Time now) {
  Installed& installed = installed_.at(spi);
  std::string reason = why_not_probed(installed, wanted, now);
  const auto settings = reason.empty() ? std::optional(wanted.rule.liveness) : std::nullopt;
  if (settings != installed.watched) {
    auto done = settings ? target_.watch(spi, *settings) : target_.unwatch(spi);
    if (!done && !concerns_one_sa(done.error())) return done;
    if (!done) reason = done.error().message;
    if (done) installed.watched = settings;
  }
  if (!reason.empty()) list_unwatched(wanted.network_namespace, *wanted.pair->in, wanted.name, std::move(reason));
  return {};
}

}  // namespace sapulse::kernel
