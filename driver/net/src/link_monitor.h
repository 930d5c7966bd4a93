// SPDX-License-Identifier: Apache-2.0
// Learns from the kernel that something about network interfaces has changed.
#pragma once

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::net {

class LinkMonitor {
 public:
  /// In the network namespace of the calling thread. Errors: io_error.
  [[nodiscard]] static Result<LinkMonitor> open();

  /// Readable when there is something to tell.
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  /// Takes what there is. True: any interface has changed.
  bool take();

 private:
  explicit LinkMonitor(FileDescriptor socket) : socket_(std::move(socket)) {}

  FileDescriptor socket_;
};

}  // namespace sapulse::net
