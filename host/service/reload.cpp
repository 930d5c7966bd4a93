// SPDX-License-Identifier: Apache-2.0
#include "reload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sapulse::service {
namespace {

template <class Secret>
bool same_secret(const Secret& a, const Secret& b) {
  return std::ranges::equal(a.bytes(), b.bytes());
}

bool same_keys(const SaDirection& a, const SaDirection& b) {
  return a.spi == b.spi && same_secret(a.key, b.key) && same_secret(a.salt, b.salt) &&
         same_secret(a.integrity, b.integrity);
}

bool same_keys(const SaParameters& a, const SaParameters& b) {
  return same_keys(a.in, b.in) && same_keys(a.out, b.out);
}

bool same_codes(const ErrorCodes& a, const ErrorCodes& b) {
  for (std::uint8_t code = wire::error_unknown_spi; code <= wire::error_unsupported; ++code) {
    if (a.has(code) != b.has(code)) return false;
  }
  return true;
}

/// Settings that a card, or what is around it, gets once.
Result<void> check_fixed(const Config& from, const Config& to) {
  const CardConfig& a = from.card;
  const CardConfig& b = to.card;
  const std::array<std::pair<std::string_view, bool>, 16> settings{
      {{"device", from.device == to.device},
       {"local", a.local == b.local},
       {"mac", a.mac == b.mac},
       {"control_spi", a.control_spi == b.control_spi},
       {"udp_port", a.udp_port == b.udp_port},
       {"authoritative", a.authoritative == b.authoritative},
       {"reserved", a.reserved == b.reserved},
       {"tx_share", a.tx_share == b.tx_share},
       {"source_limit", a.source_limit == b.source_limit},
       {"echo_limit", a.limits[Cause::echo] == b.limits[Cause::echo]},
       {"secret", same_secret(from.secret, to.secret)},
       {"errors", same_codes(from.errors.codes, to.errors.codes)},
       {"reactions", from.reactions == to.reactions},
       {"http", from.http == to.http},
       {"icmp_peers", from.errors.icmp_peers == to.errors.icmp_peers},
       {"sas (a list, or kernel)", from.sas_from_kernel == to.sas_from_kernel}}};
  for (const auto& [name, same] : settings) {
    if (!same) return failure(Errc::invalid_argument, fmt::format("{}: changes with a restart only", name));
  }
  return {};
}

/// What is to be done, SA by SA.
struct Plan {
  std::vector<SaParameters> put;
  std::vector<std::pair<const SaParameters*, const SaParameters*>> adjusted;  // as they were, as they shall be
  std::vector<std::uint32_t> removed;
  Reloaded counts;
};

bool same_but_for_keys(const SaParameters& a, const SaParameters& b) {
  return a.name == b.name && a.peer == b.peer && a.path == b.path && a.liveness == b.liveness;
}

/// What cannot change under the same keys.
Result<void> check_kept(const SaParameters& was, const SaParameters& sa) {
  if (was.local == sa.local && was.plain == sa.plain && (!was.path || sa.path)) return {};
  return failure(
      Errc::invalid_argument,
      fmt::format("SA '{}': another local, plain or no path takes other keys, too: the replay window and the "
                  "numbers that have been used would be forgotten",
                  sa.name));
}

using SasBySpi = std::unordered_map<std::uint32_t, const SaParameters*>;

SasBySpi by_spi(const Config& config) {
  SasBySpi result;
  for (const SaParameters& sa : config.sas) result.emplace(sa.in.spi, &sa);
  return result;
}

Result<void> plan_one(const SasBySpi& before, const SaManager& installed, const SaParameters& sa, Plan& plan) {
  const auto found = before.find(sa.in.spi);
  if (found == before.end() && installed.find(sa.in.spi) != nullptr) {
    return failure(Errc::exists,
                   fmt::format("SA '{}': an SA with inbound SPI {:#x} has been added otherwise", sa.name, sa.in.spi));
  }
  if (found == before.end() || !same_keys(*found->second, sa)) {
    ++(found == before.end() ? plan.counts.added : plan.counts.rekeyed);
    plan.put.push_back(sa);
    plan.put.back().unwatched = !sa.liveness;
    return {};
  }
  const bool stays = same_but_for_keys(*found->second, sa) || installed.find(sa.in.spi) == nullptr;
  ++(stays ? plan.counts.kept : plan.counts.adjusted);
  if (!stays) plan.adjusted.emplace_back(found->second, &sa);
  return check_kept(*found->second, sa);
}

Result<Plan> make_plan(const SaManager& installed, const Config& from, const Config& to) {
  Plan plan;
  const SasBySpi before = by_spi(from);
  const SasBySpi after = by_spi(to);
  for (const SaParameters& sa : to.sas) {
    if (auto planned = plan_one(before, installed, sa, plan); !planned) return tl::unexpected(planned.error());
  }
  for (const SaParameters& sa : from.sas) {
    if (!after.contains(sa.in.spi) && installed.find(sa.in.spi) != nullptr) plan.removed.push_back(sa.in.spi);
  }
  plan.counts.removed = plan.removed.size();
  return plan;
}

Result<void> adjust(Endpoint& endpoint, const SaParameters& was, const SaParameters& sa) {
  const std::uint32_t spi = sa.in.spi;
  Result<void> done;
  if (was.name != sa.name) done = endpoint.sas().rename(spi, sa.name);
  if (done && (was.path != sa.path || was.peer != sa.peer)) {
    if (!sa.path) return failure(Errc::invalid_argument, fmt::format("SA '{}': no path to its new peer", sa.name));
    done = endpoint.sas().set_place(spi, {.peer = sa.peer, .path = *sa.path});
  }
  if (!done || was.liveness == sa.liveness) return done;
  return sa.liveness ? endpoint.monitor().watch(spi, *sa.liveness) : endpoint.monitor().unwatch(spi);
}

}  // namespace

Result<Reloaded> reload(Endpoint& endpoint, const Config& from, const Config& to) {
  if (auto good = check_fixed(from, to); !good) return tl::unexpected(good.error());
  Result<Plan> plan;
  endpoint.run_beside([&] { plan = make_plan(endpoint.sas(), from, to); });
  if (!plan) return tl::unexpected(plan.error());
  if (auto done = endpoint.sas().put(plan->put); !done) return tl::unexpected(done.error());
  if (auto done = endpoint.sas().remove(plan->removed); !done) return tl::unexpected(done.error());
  for (const auto& [was, sa] : plan->adjusted) {
    if (auto done = adjust(endpoint, *was, *sa); !done) return tl::unexpected(done.error());
    endpoint.take_turn();
  }
  return plan->counts;
}

std::size_t count_ignored(const SaStore& store, const Config& config) {
  return static_cast<std::size_t>(std::ranges::count_if(config.sas, [&](const SaParameters& sa) {
    const auto found = store.sas().find(sa.in.spi);
    return found == store.sas().end() || !same_keys(found->second, sa);
  }));
}

}  // namespace sapulse::service
