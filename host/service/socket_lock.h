// SPDX-License-Identifier: Apache-2.0
// Who may make a socket: one service at a time.
#pragma once

#include <filesystem>
#include <utility>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::service {

/// A lock on a file beside a socket, whose name is that of the socket and `.lock`. It lasts as long as the object or
/// the process does, and the file has the number of the process. The file stays: whoever removed it could remove that
/// of another.
class SocketLock {
 public:
  /// Errors: exists (the message names the process that has it), io_error.
  static Result<SocketLock> take(const std::filesystem::path& socket);

 private:
  explicit SocketLock(FileDescriptor file) : file_(std::move(file)) {}

  FileDescriptor file_;
};

/// A service has the socket. `process`: 0: not known.
tl::unexpected<Error> is_running_already(const std::filesystem::path& socket, long process);

}  // namespace sapulse::service
