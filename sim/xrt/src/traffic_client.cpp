// SPDX-License-Identifier: Apache-2.0
#include "traffic_client.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include "frame_list.h"

namespace sapulse::sim::xrt {
namespace {

constexpr int kPatienceMs = 30'000;

tl::unexpected<Error> failed(const std::string& what) {
  return failure(Errc::io_error, fmt::format("{}: {}", what, std::strerror(errno)));
}

std::vector<std::byte> packet(char kind) { return {static_cast<std::byte>(kind)}; }
std::vector<std::byte> packet(char kind, unsigned port) {
  return {static_cast<std::byte>(kind), static_cast<std::byte>(port)};
}

char kind(const std::vector<std::byte>& answer) { return answer.empty() ? '\0' : static_cast<char>(answer[0]); }

tl::unexpected<Error> refused() { return failure(Errc::device_error, "the simulated card refuses the request"); }

}  // namespace

Result<std::unique_ptr<TrafficClient>> TrafficClient::listen(const std::filesystem::path& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string text = path.string();
  if (text.size() >= sizeof(address.sun_path)) {
    return failure(Errc::io_error, fmt::format("socket {}: the path is too long", text));
  }
  std::memcpy(address.sun_path, text.data(), text.size());
  std::unique_ptr<TrafficClient> client(new TrafficClient(path, ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)));
  if (client->listener_ < 0 ||
      ::bind(client->listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(client->listener_, 1) != 0) {
    return failed("socket " + text);
  }
  setenv("SAPULSE_XRT_TRAFFIC", text.c_str(), 1);
  return client;
}

TrafficClient::~TrafficClient() {
  close(socket_);
  close(listener_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

Result<void> TrafficClient::accept() {
  pollfd wanted{.fd = listener_, .events = POLLIN, .revents = 0};
  if (poll(&wanted, 1, kPatienceMs) <= 0) return failure(Errc::timeout, "the simulated card does not connect");
  socket_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket_ < 0) return failed("simulated card");
  return {};
}

Result<std::vector<std::byte>> TrafficClient::ask(std::span<const std::byte> request) {
  if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) < 0) return failed("simulated card");
  std::vector<std::byte> answer(kPacketLimit);
  const ssize_t size = recv(socket_, answer.data(), answer.size(), 0);
  if (size <= 0) return failure(Errc::io_error, "simulated card: it has gone");
  answer.resize(static_cast<std::size_t>(size));
  return answer;
}

Result<void> TrafficClient::send(unsigned port, std::span<const std::vector<std::byte>> frames) {
  while (!frames.empty()) {
    std::vector<std::byte> request = packet('S', port);
    std::size_t packed = 0;
    while (packed < frames.size() && append_frame(request, frames[packed])) ++packed;
    if (packed == 0) return failure(Errc::invalid_argument, "a frame that is longer than a packet");
    const auto answer = ask(request);
    if (!answer) return tl::unexpected(answer.error());
    if (kind(*answer) != 'S') return refused();
    frames = frames.subspan(packed);
  }
  return {};
}

Result<std::vector<std::vector<std::byte>>> TrafficClient::take(unsigned port) {
  const auto answer = ask(packet('T', port));
  if (!answer) return tl::unexpected(answer.error());
  if (kind(*answer) != 'F') return refused();
  return read_frames(std::span(*answer).subspan(1));
}

Result<std::uint64_t> TrafficClient::dma_faults() {
  const auto answer = ask(packet('D'));
  if (!answer) return tl::unexpected(answer.error());
  std::uint64_t faults = 0;
  if (kind(*answer) != 'D' || answer->size() != 1 + sizeof(faults)) return refused();
  std::memcpy(&faults, answer->data() + 1, sizeof(faults));
  return faults;
}

Result<std::optional<std::string>> TrafficClient::complaint() {
  const auto answer = ask(packet('C'));
  if (!answer) return tl::unexpected(answer.error());
  if (kind(*answer) == 'N') return std::nullopt;
  if (kind(*answer) != 'C') return refused();
  return std::string(reinterpret_cast<const char*>(answer->data()) + 1, answer->size() - 1);
}

pid_t TrafficClient::process() const {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (getsockopt(socket_, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
  return credentials.pid;
}

}  // namespace sapulse::sim::xrt
