// SPDX-License-Identifier: Apache-2.0
// Reads the kernel's SAs and policies, and follows them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel_state.h"
#include "netlink_socket.h"
#include "sapulse/error.h"

namespace sapulse::kernel {

/// Needs CAP_NET_ADMIN. Not thread-safe.
class XfrmSource {
 public:
  /// Dumps what there is, in the network namespace of the calling thread. Errors: those of NetlinkSocket.
  static Result<XfrmSource> open();

  /// Takes what the kernel has told since; after lost messages, a new dump. Does not wait. Errors: those of
  /// NetlinkSocket.
  Result<void> poll();

  /// The kernel had told more than one poll() takes.
  [[nodiscard]] bool is_behind() const { return is_behind_; }
  [[nodiscard]] const KernelState& state() const { return state_; }
  /// What an operator may want to know since the last call: messages that were lost or malformed, which are left out.
  [[nodiscard]] std::vector<std::string> take_complaints() { return std::exchange(complaints_, {}); }
  /// Readable when poll() has something to do.
  [[nodiscard]] int descriptor() const { return events_.descriptor(); }

 private:
  XfrmSource(NetlinkSocket events, NetlinkSocket requests)
      : events_(std::move(events)), requests_(std::move(requests)) {}
  Result<void> dump();
  std::optional<XfrmEvent> understand(const NetlinkMessage& message);

  NetlinkSocket events_;
  NetlinkSocket requests_;
  KernelState state_;
  bool is_behind_ = false;
  std::vector<std::string> complaints_;
};

}  // namespace sapulse::kernel
