// SPDX-License-Identifier: Apache-2.0
// Settings for SAs that are taken from the kernel.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/error.h"
#include "sapulse/liveness.h"
#include "sapulse/path.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// A range of addresses, 192.0.2.0/24.
struct IpPrefix {
  IpAddress address;
  unsigned bits = 0;  ///< 0..32 or 0..128

  /// Address and length; without length a single address. Errors: parse_error.
  static Result<IpPrefix> parse(std::string_view text);
  [[nodiscard]] bool contains(const IpAddress& other) const;
};

/// What is done with an SA of the kernel.
enum class KernelSaUse : std::uint8_t {
  watch,   ///< its peer is asked and answered
  answer,  ///< its peer is answered, but not asked
  skip     ///< it stays unknown to the card
};

/// What is known of an SA when a rule is looked for.
struct KernelSaTraits {
  std::string_view name;
  IpAddress local;
  IpAddress peer;
  std::uint32_t reqid = 0;
  std::uint32_t if_id = 0;
};

/// A rule; conditions that are absent hold.
struct KernelSaRule {
  std::optional<std::string> name{};  ///< pattern with * and ?
  std::optional<IpPrefix> local{};
  std::optional<IpPrefix> peer{};
  std::optional<std::uint32_t> reqid{};
  std::optional<std::uint32_t> if_id{};
  KernelSaUse use = KernelSaUse::watch;
  LivenessSettings liveness;

  [[nodiscard]] bool matches(const KernelSaTraits& sa) const;
};

/// How often SAs of the kernel are probed if nobody says otherwise: found dead after two seconds, by when a path across
/// the Internet has lost four probes in a row.
inline LivenessSettings gateway_liveness() {
  LivenessSettings settings;
  settings.interval = std::chrono::milliseconds(500);
  settings.multiplier = 4;
  return settings;
}

struct KernelSaSettings {
  /// Network namespaces, as of `ip netns`; the empty name is that of the process.
  std::vector<std::string> namespaces{""};
  /// Sockets of charon that are asked for names; one that is not there is no error.
  std::vector<std::string> vici{"/run/charon.vici"};
  /// Interface that the card is at; empty: the physical one. Tags of VLAN interfaces above it are part of the path.
  std::string line{};
  /// From installing an SA to the first probe: the peer may need so long to install its half.
  std::chrono::nanoseconds settle = std::chrono::seconds(2);
  /// Control SPI and DSCP of all paths, and MAC addresses and tags, where they are not to be those that the kernel
  /// tells.
  Path path{};
  /// The first rule that matches decides.
  std::vector<KernelSaRule> rules{};
  /// For SAs that no rule matches.
  LivenessSettings liveness = gateway_liveness();

  /// The rule for an SA; without a match one that watches as `liveness` says.
  [[nodiscard]] KernelSaRule rule_for(const KernelSaTraits& sa) const;
};

}  // namespace sapulse
#pragma GCC visibility pop
