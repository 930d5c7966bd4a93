// SPDX-License-Identifier: Apache-2.0
// What policy has to decide, written down as the protocol says it (sections 1 to 6), without pipelines.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "sapulse/registers.h"

namespace sapulse::test {

struct PolicyRecord {
  unsigned kind, ip_malformed, echo_malformed, control_malformed;
  bool local;
  unsigned encap;
  std::uint32_t spi, subject;
  unsigned message;
};

struct PolicyConfig {
  bool enable, authoritative;
  bool copy_malformed, copy_version;
  std::array<regs::Action, 256> actions;
};

struct PolicyDecision {
  bool pass = true;
  bool data_seen = false;
  bool opens = false;  // a nested packet
  bool echoes = false;
  std::optional<regs::Cause> cause;  // to the host
  bool copy = false;                 // which changes nothing else
  std::optional<regs::Counter> drop;
  std::uint32_t looked_up = 0;  // SPI whose SA counts
};

/// The counters of the reasons are in the order of the reasons.
inline regs::Counter drop_counter(unsigned malformed) {
  return static_cast<regs::Counter>(static_cast<unsigned>(regs::Counter::kDropIpChecksum) + malformed - 1);
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
        d.cause = regs::Cause::kUnknownSpi;
      }
      break;
    case 3:
      d.cause = regs::Cause::kErrorClear;
      break;
    default:
      d.cause = r.message >= 128 ? regs::Cause::kPrivate : regs::Cause::kUnsupported;
  }
  return d;
}

/// @param installed says whether an SPI has an SA
template <class Installed>
PolicyDecision decide(const PolicyConfig& config, const PolicyRecord& r, Installed installed) {
  constexpr unsigned kind_spi = 2, encap_ah = 2;
  if (!config.enable || r.kind != kind_spi || !r.local) return {};
  if (r.spi >= 256) {
    PolicyDecision d{.looked_up = r.spi};
    if (r.ip_malformed != 0 || r.encap == encap_ah) return d;
    d.data_seen = installed(r.spi);
    d.copy = !d.data_seen && config.authoritative;
    if (d.copy) d.cause = regs::Cause::kUnknownSpiData;
    return d;
  }
  unsigned malformed = r.ip_malformed;
  PolicyDecision d{.pass = false};
  switch (config.actions[r.spi]) {
    case regs::Action::kPass:
      return {};
    case regs::Action::kDrop:
      d.drop = regs::Counter::kDropAction;
      return d;
    case regs::Action::kControl:
      if (malformed == 0) malformed = r.control_malformed;
      d = decide_control(r, installed(r.subject));
      break;
    case regs::Action::kEcho:
      if (malformed == 0) malformed = r.echo_malformed;
      d.echoes = true;
      break;
    case regs::Action::kEchoReply:
      if (malformed == 0) malformed = r.echo_malformed;
      d.cause = regs::Cause::kEchoReply;
      break;
    case regs::Action::kHost:
      d.cause = regs::Cause::kHostAction;
      break;
  }
  if (malformed == 0) return d;
  d = {.pass = false, .drop = drop_counter(malformed)};
  constexpr unsigned encapsulation = 4, version = 6;  // of the reasons; those before are about the IP packet
  if (config.actions[r.spi] == regs::Action::kControl && malformed >= encapsulation) {
    d.copy = malformed == version ? config.copy_version : config.copy_malformed;
    if (d.copy) d.cause = malformed == version ? regs::Cause::kVersion : regs::Cause::kMalformed;
  }
  return d;
}

}  // namespace sapulse::test
