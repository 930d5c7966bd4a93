// SPDX-License-Identifier: Apache-2.0
#include "http_server.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "sapulse/poll_timeout.h"

namespace sapulse::metrics {
namespace {

constexpr int kBacklog = 16;
constexpr std::size_t kChunkBytes = 4096;
constexpr std::chrono::seconds kPatience(5);              // for the next sign of a client
constexpr std::chrono::milliseconds kNoDescriptors(200);  // until accepting is tried again

std::string in_url(const IpAddress& address) {
  return address.is_v4() ? address.to_string() : "[" + address.to_string() + "]";
}

bool is_local_name(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  const auto address = IpAddress::parse(host);
  return address && address->is_loopback();
}

/// An address as sockets have it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress socket_address(const IpAddress& address, std::uint16_t port) {
  SocketAddress result;
  const auto bytes = address.bytes();
  if (address.is_v4()) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(result.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, bytes.data() + bytes.size() - sizeof v4.sin_addr, sizeof v4.sin_addr);
    result.size = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(result.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, bytes.data(), sizeof v6.sin6_addr);
    result.size = sizeof v6;
  }
  return result;
}

struct Listener {
  FileDescriptor socket;
  std::uint16_t port = 0;
};

Result<Listener> listen_at(const HttpSettings& settings) {
  SocketAddress address = socket_address(settings.address, settings.port);
  FileDescriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), address.get(), address.size) != 0 || ::listen(socket.get(), kBacklog) != 0 ||
      ::getsockname(socket.get(), address.get(), &address.size) != 0) {
    return failure(Errc::io_error,
                   fmt::format("http: {}:{}: {}", in_url(settings.address), settings.port, std::strerror(errno)));
  }
  // The port is at the same place for both families.
  return Listener{std::move(socket), ntohs(reinterpret_cast<const sockaddr_in&>(address.storage).sin_port)};
}

HttpAnswer refusal(int status, const char* text) {
  return {.status = status, .body = std::make_shared<const std::string>(std::string(text) + "\n")};
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpSettings& settings, Documents documents) {
  auto listener = listen_at(settings);
  if (!listener) return tl::unexpected(listener.error());
  return std::unique_ptr<HttpServer>(
      new HttpServer(settings, std::move(documents), std::move(listener->socket), listener->port));
}

HttpServer::HttpServer(const HttpSettings& settings, Documents documents, FileDescriptor listener, std::uint16_t port)
    : settings_(settings),
      documents_(std::move(documents)),
      is_local_(settings.address.is_loopback()),
      listener_(std::move(listener)),
      port_(port),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

HttpServer::~HttpServer() {
  (void)::eventfd_write(stop_.get(), 1);
  thread_.join();
}

std::string HttpServer::url() const { return fmt::format("http://{}:{}/", in_url(settings_.address), port_); }

std::vector<pollfd> HttpServer::events() const {
  const bool accepts = clients_.size() < settings_.clients && Clock::now() >= accepts_at_;
  std::vector<pollfd> all{{stop_.get(), POLLIN, 0}, {accepts ? listener_.get() : -1, POLLIN, 0}};
  for (const Client& client : clients_) {
    all.push_back({client.socket.get(), static_cast<short>(client.body ? POLLOUT : POLLIN), 0});
  }
  return all;
}

std::chrono::nanoseconds HttpServer::patience() const {
  const auto now = Clock::now();
  auto until = accepts_at_ > now ? accepts_at_ : Clock::time_point::max();
  for (const Client& client : clients_) until = std::min(until, client.deadline);
  if (until == Clock::time_point::max()) return std::chrono::nanoseconds::max();
  return std::max(until - now, Clock::duration::zero());
}

void HttpServer::run() {
  for (;;) {
    std::vector<pollfd> all = events();
    if (::poll(all.data(), all.size(), poll_timeout(patience())) < 0) continue;  // interrupted
    if (all[0].revents != 0) return;
    auto event = all.begin() + 2;
    for (Client& client : clients_) {
      if ((event++)->revents != 0) client.body ? send(client) : receive(client);
    }
    const auto now = Clock::now();
    std::erase_if(clients_, [&](const Client& client) { return client.done || client.deadline <= now; });
    if (all[1].revents != 0) accept_client();
  }
}

void HttpServer::accept_client() {
  FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket) {
    clients_.push_back({.socket = std::move(socket), .deadline = Clock::now() + kPatience});
  } else if (errno == EMFILE || errno == ENFILE) {
    accepts_at_ = Clock::now() + kNoDescriptors;
  }
}

void HttpServer::receive(Client& client) {
  std::array<char, kChunkBytes> chunk{};
  const ssize_t size = ::recv(client.socket.get(), chunk.data(), chunk.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  client.done = size <= 0;
  if (client.done) return;
  client.received.append(chunk.data(), static_cast<std::size_t>(size));
  if (const auto request = parse_request(client.received)) handle(client, *request);
}

void HttpServer::handle(Client& client, const HttpRequest& request) {
  const HttpAnswer answer = this->answer(request);
  client.headers = answer_headers(answer.status, answer.type, answer.body->size());
  client.body = request.method == "HEAD" ? std::make_shared<const std::string>() : answer.body;
  client.deadline = Clock::now() + kPatience;
  send(client);
}

HttpAnswer HttpServer::answer(const HttpRequest& request) const {
  if (request.method.empty()) return refusal(400, "not a request that is understood here");
  if (request.method != "GET" && request.method != "HEAD") return refusal(405, "only GET and HEAD");
  if (is_local_ && !is_local_name(request.host)) return refusal(403, "not the name of this host");
  const auto found = documents_.find(request.path);
  return found != documents_.end() ? found->second() : refusal(404, "no such document");
}

void HttpServer::send(Client& client) {
  const auto total = client.headers.size() + client.body->size();
  while (client.sent < total) {
    const bool in_headers = client.sent < client.headers.size();
    const std::string& part = in_headers ? client.headers : *client.body;
    const std::string_view left = std::string_view(part).substr(client.sent - (in_headers ? 0 : client.headers.size()));
    const ssize_t size = ::send(client.socket.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) break;
    client.sent += static_cast<std::size_t>(size);
    client.deadline = Clock::now() + kPatience;
  }
  client.done = true;
}

}  // namespace sapulse::metrics
