// SPDX-License-Identifier: Apache-2.0
// Brings the SAs of a card in line with the pairs that the kernel has.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "next_hops.h"
#include "pairing.h"
#include "sa_target.h"
#include "sapulse/kernel_sas.h"

namespace sapulse::kernel {

/// What one network namespace has.
struct NamespacePairs {
  std::string name;
  const Pairing* pairing = nullptr;
  std::function<Result<NextHop>(const IpAddress& local, const IpAddress& peer)> next_hop;
};

/// Names of pairs: inbound and outbound SPI.
using PairNames = std::map<std::pair<std::uint32_t, std::uint32_t>, std::string>;

/// What the kernel has in all of them.
struct KernelPairs {
  std::vector<NamespacePairs> namespaces;
  PairNames names;
};

/// An SA that is not watched, and why.
struct UnwatchedSa {
  std::string network_namespace;
  std::string name;
  IpAddress source;
  IpAddress destination;
  std::uint32_t spi = 0;
  std::uint8_t protocol = 0;
  std::uint32_t reqid = 0;
  std::string reason;
};

/// Compares what the kernel has with what the card has, and changes the difference:
/// * a pair is installed as soon as it is complete, and probed after the time to settle, or at once when an older pair
///   of its tunnel goes;
/// * while another pair of its tunnel is there, or half of one, a pair is answered, but not probed: the peer may delete
///   any of them first, which is no death. After a limited time the youngest is probed though others are there;
/// * what the kernel has deleted is removed without a word;
/// * mappings, routes and neighbours move paths, as does an SA that comes again with the same keys for another place.
/// What takes the longer the more SAs there are runs beside the target's probes. Not thread-safe; the target must
/// outlive it.
class Follower {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// How long several generations of a tunnel silence it: an IKE daemon that has begun to replace a pair ends it after
  /// a round trip, or a retransmission or two. strongSwan's are 4.0 and 11.2 s after the message.
  static constexpr auto kRekeyingPatience = std::chrono::seconds(12);

  Follower(SaTarget& target, KernelSaSettings settings);

  /// `pair`: makes the pairs; called once, beside probes. What they point to has to last until update() returns.
  /// Errors: those of a card that has failed; what cannot be installed for other reasons is unwatched().
  Result<void> update(const std::function<KernelPairs()>& pair, Time now);
  /// When update() has something to do though nothing has changed.
  [[nodiscard]] std::optional<Time> next_update() const { return next_update_; }

  [[nodiscard]] const std::vector<UnwatchedSa>& unwatched() const { return unwatched_; }
  /// Installed SAs.
  [[nodiscard]] std::size_t size() const { return installed_.size(); }

 private:
  using Tunnel = std::tuple<std::string, IpAddress, IpAddress, std::uint32_t>;  // namespace, local, peer, reqid

  /// What an SA shall be like.
  struct Wanted {
    const SaPair* pair = nullptr;
    std::string network_namespace;
    std::string name;
    KernelSaRule rule;
    IpAddress peer;  // where it is now
    std::optional<Path> path;
    std::string path_reason;  // why there is none
  };
  /// What it is like.
  struct Installed {
    SaPointer in_sa;  // nullptr: restored, not compared yet
    SaPointer out_sa;
    Tunnel tunnel;
    std::string name;
    IpAddress peer;
    std::optional<Path> path;
    std::optional<LivenessSettings> watched;
    Time probe_from;
  };
  using WantedSas = std::map<std::uint32_t, Wanted>;  // by inbound SPI

  /// What is to be done.
  struct Difference {
    WantedSas wanted;
    std::vector<std::uint32_t> replaced;  // by others of the same inbound SPI
    std::vector<SaParameters> fresh;
    std::vector<std::uint32_t> added;  // of them, once it is done
    std::vector<std::uint32_t> gone;
    std::vector<WantedSas::node_type> changed;  // to be adjusted, before those that are gone go
  };

  /// Other errors end the work.
  [[nodiscard]] bool concerns_one_sa(const Error& error) const;
  WantedSas collect(const KernelPairs& kernel);
  [[nodiscard]] Wanted describe(const NamespacePairs& place, const SaPair& pair, const PairNames& names) const;
  void adopt(const std::vector<SaInfo>& restored, const WantedSas& wanted);
  /// Wherever the peer is.
  [[nodiscard]] static bool is_same(const Installed& installed, const Wanted& wanted);
  /// Finds what is to be removed and added.
  [[nodiscard]] Difference compare(WantedSas wanted) const;
  Result<void> remove(const std::vector<std::uint32_t>& spis);
  Result<void> add(Difference& difference);
  static Tunnel tunnel_of(const Wanted& wanted);
  void note_added(std::uint32_t spi, const Wanted& wanted, Time now);
  /// Takes note of what has been added, and finds what is to be adjusted; of the others it lists those that are not
  /// probed.
  void take_stock(Difference& difference, Time now);
  /// The path that an installed SA is to get, which has its peer elsewhere or another way there; null: it keeps its
  /// own.
  [[nodiscard]] static const Path* new_path(const Installed& installed, const Wanted& wanted);
  Result<void> adjust(std::uint32_t spi, const Wanted& wanted, Time now);
  Result<void> adjust_watch(std::uint32_t spi, const Wanted& wanted, Time now);
  /// Empty: it is to be probed.
  std::string why_not_probed(const Installed& installed, const Wanted& wanted, Time now);
  void wake_at(Time time);
  void list_unwatched(const std::string& place, const KernelSa& sa, const std::string& name, std::string reason);

  SaTarget& target_;
  KernelSaSettings settings_;
  bool adopted_ = false;
  std::map<std::uint32_t, Installed> installed_;  // by inbound SPI
  std::vector<UnwatchedSa> unwatched_;
  std::optional<Time> next_update_;
};

}  // namespace sapulse::kernel
