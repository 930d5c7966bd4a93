// SPDX-License-Identifier: Apache-2.0
// A connected socket that carries messages of rpc.h.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rpc.h"
#include "sapulse/error.h"

namespace sapulse::sim::xrt {

struct Call {
  Api api;
  std::string body;
};

/// Owns a socket. Errors of its functions: io_error (the other side has gone), parse_error (not a message), timeout.
class Channel {
 public:
  explicit Channel(int socket) : socket_(socket) {}
  ~Channel();
  Channel(Channel&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Channel& operator=(Channel&&) = delete;

  /// Connects to an AF_UNIX stream socket, which may come into being a little later. Errors: timeout, io_error.
  static Result<Channel> connect(const std::string& path, std::chrono::milliseconds timeout);

  [[nodiscard]] int socket() const { return socket_; }
  /// Whether something can be read, waiting up to `timeout`: a message, or that the other side has gone.
  [[nodiscard]] bool readable(std::chrono::milliseconds timeout) const;

  [[nodiscard]] Result<Call> receive_call();
  /// `header_bytes`: of the answer; XRT's own answers carry the longer header. The first byte must come in time.
  [[nodiscard]] Result<std::string> receive_answer(std::size_t header_bytes, std::chrono::milliseconds timeout);
  Result<void> send(std::string_view message);

 private:
  [[nodiscard]] Result<std::string> read(std::size_t bytes);

  int socket_;
};

}  // namespace sapulse::sim::xrt
