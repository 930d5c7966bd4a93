// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace sapulse::service {
namespace {

constexpr int kBacklog = 16;
constexpr std::size_t kChunkBytes = 65536;

tl::unexpected<Error> system_failure(const std::filesystem::path& path, const char* what) {
  return failure(Errc::io_error, fmt::format("{}: {}: {}", path.string(), what, std::strerror(errno)));
}

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.empty() || text.size() >= sizeof address.sun_path) {
    return failure(Errc::invalid_argument,
                   fmt::format("{}: a socket's path has 1 to {} bytes", text, sizeof address.sun_path - 1));
  }
  text.copy(address.sun_path, text.size());
  return address;
}

Result<FileDescriptor> make_socket(const std::filesystem::path& path, int flags) {
  FileDescriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
  if (made.get() < 0) return system_failure(path, "socket");
  return made;
}

int connect_to(const FileDescriptor& descriptor, const sockaddr_un& address) {
  return ::connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

/// Removes a socket nobody listens to.
Result<void> remove_stale(const std::filesystem::path& path, const sockaddr_un& address) {
  std::error_code error;
  if (!std::filesystem::is_socket(path, error)) return {};
  auto probe = make_socket(path, 0);
  if (!probe) return tl::unexpected(probe.error());
  if (connect_to(*probe, address) == 0) {
    return failure(Errc::exists, fmt::format("{}: a service is running there already", path.string()));
  }
  std::filesystem::remove(path, error);
  return {};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::create(const std::filesystem::path& path, Service& service) {
  const auto address = address_of(path);
  if (!address) return tl::unexpected(address.error());
  if (auto removed = remove_stale(path, *address); !removed) return tl::unexpected(removed.error());
  auto listener = make_socket(path, SOCK_NONBLOCK);
  if (!listener) return tl::unexpected(listener.error());
  // Permissions count from the first moment on: nobody gets in between bind and chmod.
  const mode_t before = ::umask(S_IRWXG | S_IRWXO | S_IXUSR);
  const int bound = ::bind(listener->get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
  ::umask(before);
  if (bound != 0) return system_failure(path, "bind");
  if (::listen(listener->get(), kBacklog) != 0) return system_failure(path, "listen");
  return std::unique_ptr<Server>(new Server(path, std::move(*listener), service));
}

Server::~Server() {
  for (const auto& [id, client] : clients_) service_.forget(id);
  ::unlink(path_.c_str());
}

Result<void> Server::poll(std::chrono::milliseconds timeout) {
  std::vector<pollfd> descriptors{{listener_.get(), POLLIN, 0}};
  for (const auto& [id, client] : clients_) {
    const short events = client->unsent.empty() ? POLLIN : POLLIN | POLLOUT;
    descriptors.push_back({client->descriptor.get(), events, 0});
  }
  if (::poll(descriptors.data(), descriptors.size(), static_cast<int>(timeout.count())) < 0 && errno != EINTR) {
    return system_failure(path_, "poll");
  }
  auto descriptor = descriptors.begin();
  if ((descriptor++->revents & POLLIN) != 0) accept_clients();
  for (const auto& [id, client] : clients_) {
    if (descriptor == descriptors.end()) break;  // those that have just come
    if ((descriptor->revents & POLLOUT) != 0) send(*client);
    if ((descriptor->revents & (POLLIN | POLLHUP | POLLERR)) != 0) receive(id, *client);
    ++descriptor;
  }
  std::erase_if(clients_, [&](const auto& entry) {
    if (entry.second->gone) service_.forget(entry.first);
    return entry.second->gone;
  });
  return {};
}

void Server::accept_clients() {
  for (;;) {
    FileDescriptor descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (descriptor.get() < 0) return;
    auto client = std::make_unique<Client>();
    client->descriptor = std::move(descriptor);
    clients_.emplace(next_id_++, std::move(client));
  }
}

void Server::receive(std::uint64_t id, Client& client) {
  std::array<char, kChunkBytes> chunk{};
  const ssize_t size = ::recv(client.descriptor.get(), chunk.data(), chunk.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) {
    client.gone = true;
    return;
  }
  client.received.append(chunk.data(), static_cast<std::size_t>(size));
  zeroise(std::as_writable_bytes(std::span(chunk)));  // requests can hold keys
  for (std::size_t end = client.received.find('\n'); end != std::string::npos && !client.gone;
       end = client.received.find('\n')) {
    std::string line = client.received.substr(0, end);
    zeroise(std::as_writable_bytes(std::span(client.received).first(end)));
    client.received.erase(0, end + 1);
    handle_line(id, client, line);
    zeroise(std::as_writable_bytes(std::span(line)));
  }
  if (client.received.size() > kLongestLine) client.gone = true;
}

void Server::handle_line(std::uint64_t id, Client& client, const std::string& line) {
  const Json request = Json::parse(line, nullptr, false);
  const Reply reply = [&client](const Json& answer, bool last) {
    Json marked = answer;
    marked["last"] = last;
    client.unsent += marked.dump() + '\n';
    if (client.unsent.size() > kMostUnread) client.gone = true;
    send(client);
  };
  if (request.is_discarded()) {
    reply(error_line({Errc::parse_error, "the request is not JSON"}), true);
    client.gone = true;
    return;
  }
  service_.handle(id, request, reply);
}

void Server::send(Client& client) {
  while (!client.unsent.empty() && !client.gone) {
    const ssize_t size = ::send(client.descriptor.get(), client.unsent.data(), client.unsent.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
      client.gone = true;
      return;
    }
    client.unsent.erase(0, static_cast<std::size_t>(size));
  }
}

Result<Connection> Connection::open(const std::filesystem::path& path) {
  const auto address = address_of(path);
  if (!address) return tl::unexpected(address.error());
  auto descriptor = make_socket(path, 0);
  if (!descriptor) return tl::unexpected(descriptor.error());
  if (connect_to(*descriptor, *address) != 0) {
    return failure(Errc::not_found, fmt::format("{}: no service there ({}); start one with `sapulse serve`",
                                                path.string(), std::strerror(errno)));
  }
  return Connection(std::move(*descriptor));
}

Result<void> Connection::send(const Json& request) {
  std::string line = request.dump() + '\n';
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t size = ::send(descriptor_.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return failure(Errc::io_error, fmt::format("the service has gone: {}", std::strerror(errno)));
    sent += static_cast<std::size_t>(size);
  }
  zeroise(std::as_writable_bytes(std::span(line)));
  return {};
}

Result<Json> Connection::receive() {
  std::size_t end = received_.find('\n');
  while (end == std::string::npos) {
    std::array<char, kChunkBytes> chunk{};
    const ssize_t size = ::recv(descriptor_.get(), chunk.data(), chunk.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return failure(Errc::io_error, "the service has gone");
    received_.append(chunk.data(), static_cast<std::size_t>(size));
    end = received_.find('\n');
  }
  Json line = Json::parse(received_.substr(0, end), nullptr, false);
  received_.erase(0, end + 1);
  if (line.is_discarded()) return failure(Errc::parse_error, "the service's answer is not JSON");
  return line;
}

}  // namespace sapulse::service
