// SPDX-License-Identifier: Apache-2.0
// What the kernel tells of SAs and policies over NETLINK_XFRM, from bytes to structures.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "kernel_sa.h"
#include "netlink_message.h"
#include "sapulse/error.h"

namespace sapulse::kernel {

/// New or changed.
struct SaAdded {
  KernelSa sa;
};
/// Deleted, or its hard lifetime has ended.
struct SaDeleted {
  SaId id;
};
/// The peer of an SA in UDP sends from another address or port (NAT rebinding).
struct SaMapped {
  SaId id;  ///< of the inbound SA, without its mark
  UdpEndpoint source;
};
struct SasFlushed {
  std::uint8_t protocol = 0;  ///< 0: all

  [[nodiscard]] bool concerns(const SaId& id) const;
};
struct PolicyAdded {
  KernelPolicy policy;
};
struct PolicyDeleted {
  std::uint32_t index = 0;
};
struct PoliciesFlushed {
  std::uint8_t type = 0;
};

using XfrmEvent = std::variant<SaAdded, SaDeleted, SaMapped, SasFlushed, PolicyAdded, PolicyDeleted, PoliciesFlushed>;

/// Understands a message; nothing if it is about something else (acquire, soft expiry, policies of sockets...).
/// Errors: parse_error; the message names what is wrong, never key material. Thread-safe.
Result<std::optional<XfrmEvent>> parse_xfrm(const NetlinkMessage& message);

}  // namespace sapulse::kernel
