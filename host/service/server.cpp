// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "sapulse/poll_timeout.h"
#include "sapulse/secret.h"

namespace sapulse::service {
namespace {

constexpr int kBacklog = 16;
constexpr std::size_t kChunkBytes = 65536;
/// A request up to this is read faster than a thread is made.
constexpr std::size_t kShortRequest = 4096;

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

/// The process that listens at the other end; 0: unknown.
long listener_of(const FileDescriptor& connected) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  return ::getsockopt(connected.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 ? credentials.pid : 0;
}

/// Removes a socket nobody listens to.
Result<void> remove_stale(const std::filesystem::path& path, const sockaddr_un& address) {
  std::error_code error;
  if (!std::filesystem::is_socket(path, error)) return {};
  // A service that is held up has a full backlog, which must not hold up this one.
  auto probe = make_socket(path, SOCK_NONBLOCK);
  if (!probe) return tl::unexpected(probe.error());
  if (connect_to(*probe, address) == 0) return is_running_already(path, listener_of(*probe));
  if (errno == EAGAIN) return is_running_already(path, 0);
  if (errno != ECONNREFUSED) return system_failure(path, "connect");
  std::filesystem::remove(path, error);
  return {};
}

Result<void> open_to_others(const std::filesystem::path& path, const ClientAccess& access) {
  constexpr auto kSame = static_cast<uid_t>(-1);
  if (::chown(path.c_str(), kSame, access.socket_group().value_or(kSame)) == 0 &&
      ::chmod(path.c_str(), access.socket_mode()) == 0) {
    return {};
  }
  return system_failure(path, "giving it to its group");
}

Result<FileDescriptor> listen_at(const std::filesystem::path& path, const sockaddr_un& address) {
  auto listener = make_socket(path, SOCK_NONBLOCK);
  if (!listener) return listener;
  // Permissions count from the first moment on: nobody gets in between bind and chmod.
  const mode_t before = ::umask(S_IRWXG | S_IRWXO | S_IXUSR);
  const int bound = ::bind(listener->get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::umask(before);
  if (bound != 0) return system_failure(path, "bind");
  if (::listen(listener->get(), kBacklog) != 0) return system_failure(path, "listen");
  return listener;
}

ino_t inode_of(const std::filesystem::path& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

constexpr int kNobody = -1;  // a descriptor that is never readable

/// File names in messages need not be UTF-8.
std::string line_of(const Json& answer) { return answer.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'; }

}  // namespace

Server::Server(std::filesystem::path path, SocketLock lock, FileDescriptor listener, RequestHandler& handler,
               const ServerOptions& options, const ClientAccess& access)
    : path_(std::move(path)),
      lock_(std::move(lock)),
      listener_(std::move(listener)),
      access_(access),
      spare_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      inode_(inode_of(path_)),
      handler_(handler),
      options_(options) {}

Result<std::unique_ptr<Server>> Server::create(const std::filesystem::path& path, RequestHandler& handler,
                                               const ServerOptions& options) {
  const auto address = address_of(path);
  if (!address) return tl::unexpected(address.error());
  const auto access = ClientAccess::create(options.group, options.watch_group);
  if (!access) return tl::unexpected(access.error());
  auto lock = SocketLock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  if (auto removed = remove_stale(path, *address); !removed) return tl::unexpected(removed.error());
  auto listener = listen_at(path, *address);
  if (!listener) return tl::unexpected(listener.error());
  std::unique_ptr<Server> server(new Server(path, std::move(*lock), std::move(*listener), handler, options, *access));
  if (auto opened = open_to_others(path, *access); !opened) return tl::unexpected(opened.error());
  return server;
}

Server::~Server() {
  for (const auto& [id, client] : clients_) handler_.forget(id);
  if (inode_of(path_) == inode_) ::unlink(path_.c_str());  // else it is another service's
}

Result<void> Server::poll(std::chrono::nanoseconds timeout, std::span<const int> wake) {
  std::vector<pollfd> descriptors{{listener_.get(), POLLIN, 0}};
  for (const auto& [id, client] : clients_) {
    short events = client->sends_no_more ? 0 : POLLIN;
    if (!client->unsent.empty()) events |= POLLOUT;
    descriptors.push_back({client->descriptor.get(), events, 0});
  }
  for (const int descriptor : wake) descriptors.push_back({descriptor, POLLIN, 0});
  if (::poll(descriptors.data(), descriptors.size(), poll_timeout(timeout)) < 0 && errno != EINTR) {
    return system_failure(path_, "poll");
  }
  descriptors.resize(descriptors.size() - wake.size());
  auto descriptor = descriptors.begin();
  const bool somebody_comes = (descriptor++->revents & POLLIN) != 0;
  for (const auto& [id, client] : clients_) {
    if ((descriptor->revents & POLLOUT) != 0) send(*client);
    if (!client->sends_no_more && (descriptor->revents & (POLLIN | POLLHUP | POLLERR)) != 0) receive(id, *client);
    if (client->sends_no_more) {
      const bool answered = client->unanswered == 0 && client->unsent.empty();
      client->gone = client->gone || answered || (descriptor->revents & (POLLHUP | POLLERR)) != 0;
    }
    ++descriptor;
  }
  std::erase_if(clients_, [&](const auto& entry) {
    if (entry.second->gone) handler_.forget(entry.first);
    return entry.second->gone;
  });
  if (somebody_comes) accept_clients();  // there may be room for them now
  return {};
}

void Server::accept_clients() {
  for (;;) {
    FileDescriptor descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!descriptor) {
      if (errno == EMFILE || errno == ENFILE) accept_with_spare();
      return;
    }
    if (clients_.size() >= options_.most_clients) {
      turn_away(descriptor,
                {Errc::no_space, fmt::format("{} clients are connected, more are not served", clients_.size())});
      continue;
    }
    const auto access = access_.of(descriptor);
    if (!access) {
      turn_away(descriptor, {Errc::invalid_argument, "you are in none of the groups that may use this service"});
      continue;
    }
    auto client = std::make_unique<Client>();
    client->access = *access;
    client->descriptor = std::move(descriptor);
    clients_.emplace(next_id_++, std::move(client));
  }
}

void Server::accept_with_spare() {
  const Error why{Errc::no_space, fmt::format("the service has too many open files: {}", std::strerror(errno))};
  spare_ = FileDescriptor();
  {
    const FileDescriptor descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (descriptor) turn_away(descriptor, why);
  }
  spare_ = FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

void Server::turn_away(const FileDescriptor& descriptor, const Error& why) {
  Json answer = error_line(why);
  answer["last"] = true;
  const std::string line = line_of(answer);
  (void)::send(descriptor.get(), line.data(), line.size(), MSG_NOSIGNAL);
}

void Server::receive(std::uint64_t id, Client& client) {
  std::array<char, kChunkBytes> chunk{};
  const ssize_t size = ::recv(client.descriptor.get(), chunk.data(), chunk.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size == 0) {
    client.sends_no_more = true;
    return;
  }
  if (size < 0) {
    client.gone = true;
    return;
  }
  const StackZeroiser stack;
  const std::size_t searched = client.received.size();
  client.received.append(chunk.data(), static_cast<std::size_t>(size));
  zeroise(std::as_writable_bytes(std::span(chunk)));  // requests can hold keys
  for (std::size_t end = client.received.find('\n', searched); end != std::string::npos && !client.gone;
       end = client.received.find('\n')) {
    std::string line = client.received.substr(0, end);
    zeroise(std::as_writable_bytes(std::span(client.received).first(end)));
    client.received.erase(0, end + 1);
    handle_line(id, client, line);
    zeroise(std::as_writable_bytes(std::span(line)));
  }
  if (client.received.size() > options_.longest_line) client.gone = true;
}

void Server::handle_line(std::uint64_t id, Client& client, const std::string& line) {
  Result<Json> request;
  const auto parse = [&] { request = options_.parse(line); };
  line.size() > kShortRequest ? handler_.run_beside(parse) : parse();
  ++client.unanswered;
  const Reply reply = [&client, most = options_.most_unread](const Json& answer, bool last) {
    if (last) --client.unanswered;
    if (client.gone) return;
    Json marked = answer;
    marked["last"] = last;
    client.unsent += line_of(marked);
    if (client.unsent.size() > most) client.gone = true;
    send(client);
  };
  if (!request) {
    reply(error_line(request.error()), true);
    client.gone = client.gone || request.error().code == Errc::parse_error;
    return;
  }
  handler_.handle(id, *request, reply, client.access);
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

Result<Connection> Connection::open(const std::filesystem::path& path, std::chrono::milliseconds patience) {
  const auto address = address_of(path);
  if (!address) return tl::unexpected(address.error());
  auto descriptor = make_socket(path, 0);
  if (!descriptor) return tl::unexpected(descriptor.error());
  // Also how long connect() waits for a place in the backlog.
  const auto limit = [&](std::chrono::milliseconds time) {
    const timeval value{.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000};
    (void)::setsockopt(descriptor->get(), SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
  };
  limit(patience);
  if (connect_to(*descriptor, *address) != 0) {
    if (errno == EAGAIN) {
      return failure(Errc::timeout,
                     fmt::format("{}: the service there accepts nobody within {} ms", path.string(), patience.count()));
    }
    return failure(Errc::not_found, fmt::format("{}: no service there ({}); start one with `sapulse serve`",
                                                path.string(), std::strerror(errno)));
  }
  limit(std::chrono::milliseconds(0));
  return Connection(std::move(*descriptor));
}

Result<void> Connection::send(const Json& request) {
  std::string line = line_of(request);
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t size = ::send(descriptor_.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EPIPE) break;  // it may have said why
    if (size <= 0) return failure(Errc::io_error, fmt::format("the service has gone: {}", std::strerror(errno)));
    sent += static_cast<std::size_t>(size);
  }
  zeroise(std::as_writable_bytes(std::span(line)));
  return {};
}

Result<int> Connection::wait(std::span<const int> others, std::chrono::steady_clock::time_point until) const {
  std::vector<pollfd> wake{{descriptor_.get(), POLLIN, 0}};
  for (const int other : others) wake.push_back({other, POLLIN, 0});
  while (!has_line()) {
    const auto left = until == std::chrono::steady_clock::time_point::max()
                          ? std::chrono::nanoseconds::max()
                          : std::max(std::chrono::nanoseconds(until - std::chrono::steady_clock::now()),
                                     std::chrono::nanoseconds::zero());
    const int ready = ::poll(wake.data(), wake.size(), poll_timeout(left));
    if (ready > 0) {
      const auto other = std::find_if(wake.begin() + 1, wake.end(), [](const pollfd& one) { return one.revents != 0; });
      return other == wake.end() ? kNobody : other->fd;
    }
    if (ready == 0) return failure(Errc::timeout, "nothing has come from the service in time");
    if (errno != EINTR) return failure(Errc::io_error, fmt::format("poll: {}", std::strerror(errno)));
  }
  return kNobody;
}

Result<Json> Connection::receive(std::chrono::steady_clock::time_point until) {
  std::size_t end = received_.find('\n');
  while (end == std::string::npos) {
    if (auto waited = wait({}, until); !waited) return tl::unexpected(waited.error());
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
