// SPDX-License-Identifier: Apache-2.0
// Requests to a server of this computer.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

#include "sapulse/file_descriptor.h"

namespace sapulse::metrics::test {

/// A connection to 127.0.0.1.
inline FileDescriptor connect_to(std::uint16_t port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool good = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  return good ? std::move(socket) : FileDescriptor();
}

inline void send_text(const FileDescriptor& socket, const std::string& text) {
  (void)::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

/// All that comes until the other side closes.
inline std::string receive_all(const FileDescriptor& socket) {
  std::string text;
  for (std::array<char, 65536> chunk{};;) {
    const ssize_t size = ::recv(socket.get(), chunk.data(), chunk.size(), 0);
    if (size <= 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(size));
  }
}

/// Answer to "GET /path", headers and body.
inline std::string get(std::uint16_t port, const std::string& path, const std::string& host = "localhost",
                       const std::string& method = "GET") {
  const FileDescriptor socket = connect_to(port);
  send_text(socket, method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  return receive_all(socket);
}

inline std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

}  // namespace sapulse::metrics::test
