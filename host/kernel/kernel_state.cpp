// SPDX-License-Identifier: Apache-2.0
#include "kernel_state.h"

#include <algorithm>
#include <utility>

namespace sapulse::kernel {

void KernelState::apply(XfrmEvent event, Time now) {
  ++version_;
  std::visit([&](auto& happened) { take(std::move(happened), now); }, event);
}

SaPointer KernelState::keep(KernelSa&& sa, Time now) {
  const auto old = sas_.find(sa.id);
  if (old != sas_.end() && same_content(*old->second, sa)) return old->second;
  sa.arrival = old != sas_.end() ? old->second->arrival : ++arrivals_;
  sa.seen = old != sas_.end() ? old->second->seen : now;
  return std::make_shared<const KernelSa>(std::move(sa));
}

void KernelState::take(SaAdded&& event, Time now) {
  const SaId id = event.sa.id;
  if (event.sa.is_larval()) return;
  sas_[id] = keep(std::move(event.sa), now);
}

void KernelState::take(const SaDeleted& event, Time now) {
  const auto sa = sas_.find(event.id);
  if (sa == sas_.end()) return;
  if (sa->second->mapped) last_move_ = now;
  sas_.erase(sa);
}

void KernelState::take(const SaMapped& event, Time /*now*/) {
  // Of any mark, which is the last that SAs are ordered by.
  const SaId any{.destination = event.id.destination, .spi = event.id.spi, .protocol = event.id.protocol};
  for (auto entry = sas_.lower_bound(any); entry != sas_.end(); ++entry) {
    auto& [id, sa] = *entry;
    if (SaId{.destination = id.destination, .spi = id.spi, .protocol = id.protocol} != any) break;
    KernelSa moved = *sa;
    moved.mapped = event.source;
    sa = std::make_shared<const KernelSa>(std::move(moved));
  }
}

void KernelState::take(const SasFlushed& event, Time /*now*/) {
  std::erase_if(sas_, [&](const auto& sa) { return event.concerns(sa.first); });
}

void KernelState::take(PolicyAdded&& event, Time /*now*/) {
  const std::uint32_t index = event.policy.index;
  policies_[index] = std::move(event.policy);
}

void KernelState::take(const PolicyDeleted& event, Time /*now*/) { policies_.erase(event.index); }

void KernelState::take(const PoliciesFlushed& event, Time /*now*/) {
  std::erase_if(policies_, [&](const auto& policy) { return policy.second.type == event.type; });
}

void KernelState::replace(std::vector<KernelSa> sas, std::vector<KernelPolicy> policies, Time now) {
  ++version_;
  std::erase_if(sas, [](const KernelSa& sa) { return sa.is_larval(); });
  std::ranges::reverse(sas);
  for (std::size_t i = 0; i < sas.size(); ++i) sas[i].arrival = i;
  std::ranges::sort(sas, {}, [](const KernelSa& sa) { return std::pair(sa.added, sa.arrival); });
  std::map<SaId, SaPointer> fresh;
  for (KernelSa& sa : sas) {
    const SaId id = sa.id;
    fresh[id] = keep(std::move(sa), now);
  }
  sas_ = std::move(fresh);
  policies_.clear();
  for (KernelPolicy& policy : policies) {
    const std::uint32_t index = policy.index;
    policies_[index] = std::move(policy);
  }
}

}  // namespace sapulse::kernel
