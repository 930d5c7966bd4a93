// SPDX-License-Identifier: Apache-2.0
// What a client of the service may do, by the groups of its user.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "service.h"

namespace sapulse::service {

/// Who may connect, and what for. Thread-safe.
class ClientAccess {
 public:
  /// Names of groups; empty: none. Errors: invalid_argument (no such group).
  static Result<ClientAccess> create(const std::string& change_group, const std::string& watch_group);

  /// Of the socket: without a group for watchers its mode alone says who gets in, and may then do everything.
  [[nodiscard]] mode_t socket_mode() const;
  /// Owner of the socket, if it is to have another group than the service.
  [[nodiscard]] std::optional<gid_t> socket_group() const { return change_; }

  /// Of the process at the other end; nothing: it must not even look.
  [[nodiscard]] std::optional<Access> of(const FileDescriptor& client) const;

 private:
  std::optional<gid_t> change_;
  std::optional<gid_t> watch_;
};

}  // namespace sapulse::service
