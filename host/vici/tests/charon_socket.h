// SPDX-License-Identifier: Apache-2.0
// A socket where a charon of a test listens.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <string>

#include "folder.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::vici::test {

/// In a folder of its own.
class CharonSocket {
 public:
  CharonSocket() : listener_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path().c_str());  // NOLINT: the path is short
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
  }

  [[nodiscard]] std::string path() const { return folder_.path() / "vici"; }
  /// Waits for a client.
  [[nodiscard]] FileDescriptor accept() const { return FileDescriptor(::accept(listener_.get(), nullptr, nullptr)); }
  /// Nobody comes any more.
  void close() { ::shutdown(listener_.get(), SHUT_RDWR); }

 private:
  ::sapulse::test::Folder folder_;
  FileDescriptor listener_;
};

}  // namespace sapulse::vici::test
