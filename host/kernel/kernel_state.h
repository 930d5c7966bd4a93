// SPDX-License-Identifier: Apache-2.0
// The SAs and policies that the kernel has, as far as it has told.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "kernel_sa.h"
#include "xfrm_message.h"

namespace sapulse::kernel {

/// Put together from a dump and the messages that follow. Not thread-safe.
class KernelState {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void apply(XfrmEvent event, Time now);
  /// Takes a new dump in place of all that was known; SAs that have not changed stay what they are. `sas`: the newest
  /// first, as the kernel dumps them.
  void replace(std::vector<KernelSa> sas, std::vector<KernelPolicy> policies, Time now);

  /// Without larval ones.
  [[nodiscard]] const std::map<SaId, SaPointer>& sas() const { return sas_; }
  [[nodiscard]] const std::map<std::uint32_t, KernelPolicy>& policies() const { return policies_; }
  /// When an SA whose peer has moved was deleted last: an IKE daemon moves it by that, and adds it again at once.
  [[nodiscard]] std::optional<Time> last_move() const { return last_move_; }
  /// Grows with every change.
  [[nodiscard]] std::uint64_t version() const { return version_; }

 private:
  void take(SaAdded&& event, Time now);
  void take(const SaDeleted& event, Time now);
  void take(const SaMapped& event, Time now);
  void take(const SasFlushed& event, Time now);
  void take(PolicyAdded&& event, Time now);
  void take(const PolicyDeleted& event, Time now);
  void take(const PoliciesFlushed& event, Time now);
  [[nodiscard]] SaPointer keep(KernelSa&& sa, Time now);

  std::map<SaId, SaPointer> sas_;
  std::map<std::uint32_t, KernelPolicy> policies_;
  std::optional<Time> last_move_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t version_ = 0;
};

}  // namespace sapulse::kernel
