// SPDX-License-Identifier: Apache-2.0
// Raw frames on a network interface, byte for byte as on the wire.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "traffic/bytes.h"

namespace sapulse::test {

/// Throws std::system_error.
class PacketPort {
 public:
  explicit PacketPort(const std::string& interface);
  ~PacketPort();
  PacketPort(const PacketPort&) = delete;
  PacketPort& operator=(const PacketPort&) = delete;

  void send(std::span<const traffic::Bytes> frames);
  /// The next frame that came in; nothing when there is none within `timeout` ms.
  std::optional<traffic::Bytes> receive(int timeout = 0);

 private:
  int socket_;
  traffic::Bytes buffer_;  ///< for receiving
};

}  // namespace sapulse::test
