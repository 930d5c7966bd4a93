// SPDX-License-Identifier: Apache-2.0
#include "channel.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace sapulse::sim::xrt {

Channel::~Channel() {
  if (socket_ >= 0) close(socket_);
}

Result<Channel> Channel::connect(const std::string& path, std::chrono::milliseconds timeout) {
  constexpr auto kPause = std::chrono::milliseconds(5);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof(address.sun_path)) {
    return failure(Errc::io_error, fmt::format("socket {}: the path is too long", path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const auto end = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    Channel channel(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (channel.socket_ < 0) return failure(Errc::io_error, fmt::format("socket {}: {}", path, std::strerror(errno)));
    if (::connect(channel.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return channel;
    if (std::chrono::steady_clock::now() > end) {
      return failure(Errc::timeout, fmt::format("socket {}: nobody listens: {}", path, std::strerror(errno)));
    }
    std::this_thread::sleep_for(kPause);
  }
}

bool Channel::readable(std::chrono::milliseconds timeout) const {
  pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
  return poll(&wanted, 1, static_cast<int>(timeout.count())) > 0;
}

Result<std::string> Channel::read(std::size_t bytes) {
  std::string data(bytes, '\0');
  for (std::size_t done = 0; done < bytes;) {
    const ssize_t count = ::recv(socket_, data.data() + done, bytes - done, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failure(Errc::io_error, "the other side has gone");
    done += static_cast<std::size_t>(count);
  }
  return data;
}

Result<Call> Channel::receive_call() {
  const auto header = read(kCallHeaderBytes);
  if (!header) return tl::unexpected(header.error());
  const auto parsed = parse_call_header(*header);
  if (!parsed) return failure(Errc::parse_error, "malformed header of a call");
  auto body = read(parsed->bytes);
  if (!body) return tl::unexpected(body.error());
  return Call{parsed->api, *std::move(body)};
}

Result<std::string> Channel::receive_answer(std::size_t header_bytes, std::chrono::milliseconds timeout) {
  if (!readable(timeout)) return failure(Errc::timeout, fmt::format("no answer within {} ms", timeout.count()));
  const auto header = read(header_bytes);
  if (!header) return tl::unexpected(header.error());
  const auto bytes = parse_answer_header(std::string_view(*header).substr(0, kAnswerHeaderBytes));
  if (!bytes) return failure(Errc::parse_error, "malformed header of an answer");
  return read(*bytes);
}

Result<void> Channel::send(std::string_view message) {
  while (!message.empty()) {
    const ssize_t count = ::send(socket_, message.data(), message.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failure(Errc::io_error, "the other side has gone");
    message.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace sapulse::sim::xrt
