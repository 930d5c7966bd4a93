// SPDX-License-Identifier: Apache-2.0
#include "xfrm_source.h"

#include <linux/netlink.h>
#include <linux/xfrm.h>

#include <chrono>
#include <variant>
#include <vector>

namespace sapulse::kernel {
namespace {

using Clock = std::chrono::steady_clock;

// Of one poll(), so that a busy kernel does not keep others waiting.
constexpr int kMostDatagrams = 1024;
constexpr unsigned kGroups[] = {XFRMNLGRP_SA, XFRMNLGRP_EXPIRE, XFRMNLGRP_POLICY, XFRMNLGRP_MAPPING};

}  // namespace

Result<XfrmSource> XfrmSource::open() {
  auto events = NetlinkSocket::open(NETLINK_XFRM);
  if (!events) return tl::unexpected(events.error());
  auto requests = NetlinkSocket::open(NETLINK_XFRM);
  if (!requests) return tl::unexpected(requests.error());
  // Before the dump: what changes meanwhile is told afterwards.
  for (const unsigned group : kGroups) {
    if (auto joined = events->join(group); !joined) return tl::unexpected(joined.error());
  }
  XfrmSource source(std::move(*events), std::move(*requests));
  if (auto dumped = source.dump(); !dumped) return tl::unexpected(dumped.error());
  return source;
}

std::optional<XfrmEvent> XfrmSource::understand(const NetlinkMessage& message) {
  auto event = parse_xfrm(message);
  if (event) return std::move(*event);
  complaints_.push_back(event.error().message);
  return std::nullopt;
}

Result<void> XfrmSource::dump() {
  std::vector<KernelSa> sas;
  std::vector<KernelPolicy> policies;
  const auto take = [&](const NetlinkMessage& message) -> Result<void> {
    auto event = understand(message);
    if (!event) return {};
    if (auto* sa = std::get_if<SaAdded>(&*event)) sas.push_back(std::move(sa->sa));
    if (auto* policy = std::get_if<PolicyAdded>(&*event)) policies.push_back(std::move(policy->policy));
    return {};
  };
  return requests_.dump({XFRM_MSG_GETSA, NLM_F_DUMP}, take, [&] { sas.clear(); })
      .and_then([&] { return requests_.dump({XFRM_MSG_GETPOLICY, NLM_F_DUMP}, take, [&] { policies.clear(); }); })
      .map([&] { state_.replace(std::move(sas), std::move(policies), Clock::now()); });
}

Result<void> XfrmSource::poll() {
  is_behind_ = true;
  for (int datagrams = 0; datagrams < kMostDatagrams; ++datagrams) {
    const auto received = events_.receive([&](const NetlinkMessage& message) -> Result<void> {
      if (auto event = understand(message)) state_.apply(std::move(*event), Clock::now());
      return {};
    });
    if (!received) return tl::unexpected(received.error());
    if (*received == NetlinkSocket::Received::nothing) {
      is_behind_ = false;
      return {};
    }
    if (*received == NetlinkSocket::Received::overrun) {
      complaints_.emplace_back("messages of the kernel about SAs were lost: all SAs have been read anew");
      if (auto dumped = dump(); !dumped) return dumped;
    }
  }
  return {};
}

}  // namespace sapulse::kernel
