// SPDX-License-Identifier: Apache-2.0
// What policy has to decide, written down as the protocol says it (sections 1 to 6), without pipelines.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "sapulse/registers.h"

namespace sapulse::test {

struct PolicyRecord {
  unsigned kind, ip_malformed, echo_malformed, echo_reply_malformed, control_malformed;
  bool to_local, to_own_mac, to_group_mac, to_mapped;  // what its destinations are
  bool from_unusable, from_local;                      // what its source is
  bool echo_return;                                    // R
  unsigned encap;
  bool to_port;  // its UDP port, if it has one, is the configured one
  std::uint32_t spi, subject;
  unsigned message;
};

struct PolicyConfig {
  bool enable, authoritative;
  bool copy_malformed, copy_version;
  bool any_mac;  // none is configured
  std::array<regs::Action, 256> actions;
};

struct PolicyDecision {
  bool pass = true;
  bool data_seen = false;
  bool opens = false;  // a nested packet
  bool echoes = false;
  bool by_source = false;              // its source needs a token, too
  std::optional<regs::Cause> cause{};  // to the host, or kEcho: needs a token
  bool copy = false;                   // which changes nothing else
  std::optional<regs::Counter> drop{};
  std::uint32_t looked_up = 0;  // SPI whose SA counts
};

/// The counters of the reasons are in the order of the reasons.
inline regs::Counter drop_counter(unsigned malformed) {
  return static_cast<regs::Counter>(static_cast<unsigned>(regs::Counter::drop_ip_checksum) + malformed - 1);
}

inline PolicyDecision decide_control(const PolicyRecord& r, bool installed) {
  PolicyDecision d{.pass = false, .looked_up = r.subject};
  switch (r.message) {
    case 1:
    case 2:
    case 4:
      if (installed) {
        d.opens = true;
      } else {
        d.cause = regs::Cause::unknown_spi;
      }
      break;
    case 3:
      d.cause = regs::Cause::error_clear;
      break;
    default:
      d.cause = r.message >= 128 ? regs::Cause::private_use : regs::Cause::unsupported;
  }
  return d;
}

/// A frame for the card.
inline bool for_us(const PolicyConfig& config, const PolicyRecord& r) {
  constexpr unsigned kKindSpi = 2, kEncapUdp = 1;
  return config.enable && r.kind == kKindSpi && (r.encap != kEncapUdp || r.to_port) && r.to_local && !r.to_mapped &&
         !r.to_group_mac && (config.any_mac || r.to_own_mac);
}

/// Why a frame with a reserved SPI is dropped, or 0. The first reason counts.
inline unsigned malformed(regs::Action action, const PolicyRecord& r) {
  constexpr unsigned kAddress = 3;
  if (r.ip_malformed != 0) return r.ip_malformed;
  if (action == regs::Action::host) return 0;
  if (r.from_unusable || r.from_local) return kAddress;
  if (action == regs::Action::control) return r.control_malformed;
  return action == regs::Action::echo ? r.echo_malformed : r.echo_reply_malformed;
}

/// Anybody can cause these, or make the host send an error.
inline bool limited_by_source(regs::Cause cause) {
  using enum regs::Cause;
  return cause == unknown_spi || cause == unknown_spi_data || cause == error_clear || cause == unsupported ||
         cause == malformed || cause == version || cause == echo_return;
}

/// @param installed says whether an SPI has an SA
template <class Installed>
PolicyDecision decide_reserved(const PolicyConfig& config, const PolicyRecord& r, Installed installed) {
  constexpr unsigned kEncapAh = 2;
  const regs::Action action = config.actions[r.spi];
  PolicyDecision d{.pass = false};
  switch (action) {
    case regs::Action::pass:
      return {};
    case regs::Action::drop:
      d.drop = regs::Counter::drop_action;
      return d;
    case regs::Action::control:
      d = decide_control(r, installed(r.subject));
      break;
    case regs::Action::echo:
      if (r.encap == kEncapAh) return {};
      d.echoes = !r.echo_return;
      d.cause = r.echo_return ? regs::Cause::echo_return : regs::Cause::echo;
      break;
    case regs::Action::echo_reply:
      if (r.encap == kEncapAh) return {};
      d.cause = regs::Cause::echo_reply;
      break;
    case regs::Action::host:
      d.cause = regs::Cause::host_action;
      break;
  }
  const unsigned reason = malformed(action, r);
  if (reason == 0) return d;
  d = {.pass = false, .drop = drop_counter(reason)};
  constexpr unsigned kEncapsulation = 4, kVersion = 6;  // of the reasons; those before are about the IP packet
  if (action == regs::Action::control && reason >= kEncapsulation) {
    d.copy = reason == kVersion ? config.copy_version : config.copy_malformed;
    if (d.copy) d.cause = reason == kVersion ? regs::Cause::version : regs::Cause::malformed;
  }
  return d;
}

/// @param installed says whether an SPI has an SA
template <class Installed>
PolicyDecision decide(const PolicyConfig& config, const PolicyRecord& r, Installed installed) {
  constexpr unsigned kEncapAh = 2;
  if (!for_us(config, r)) return {};
  PolicyDecision d{.looked_up = r.spi};
  if (r.spi < 256) {
    d = decide_reserved(config, r, installed);
  } else if (r.ip_malformed == 0 && r.encap != kEncapAh) {
    d.data_seen = installed(r.spi);
    d.copy = !d.data_seen && config.authoritative;
    if (d.copy) d.cause = regs::Cause::unknown_spi_data;
  }
  d.by_source = d.cause && limited_by_source(*d.cause);
  return d;
}

}  // namespace sapulse::test
