// SPDX-License-Identifier: Apache-2.0
#include "vici_client.h"

#include <fmt/format.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>

namespace sapulse::vici {
namespace {

constexpr const char* kEvent = "list-sa";
constexpr const char* kCommand = "list-sas";
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kLongestPacket = 1U << 20;  // charon's own limit is half of it
constexpr std::size_t kChunk = 1U << 16;

std::string group_name(gid_t id) {
  group entry{};
  group* found = nullptr;
  std::array<char, 1024> texts;
  const bool is_known = ::getgrgid_r(id, &entry, texts.data(), texts.size(), &found) == 0 && found != nullptr;
  return is_known ? entry.gr_name : std::to_string(id);
}

/// Which group the socket is open to; nothing where it is open to none.
std::string open_to(const std::filesystem::path& socket) {
  struct stat file{};
  if (::stat(socket.c_str(), &file) < 0 || (file.st_mode & S_IWGRP) == 0) return "";
  return fmt::format(": it is open to group {0} (for a service of systemd: SupplementaryGroups={0})",
                     group_name(file.st_gid));
}

tl::unexpected<Error> os_failure(const std::filesystem::path& socket, int error) {
  const bool absent = error == ENOENT || error == ECONNREFUSED;
  return failure(absent ? Errc::not_found : Errc::io_error,
                 fmt::format("{}: {}{}", socket.string(), std::generic_category().message(error),
                             error == EACCES ? open_to(socket) : ""));
}

std::size_t length_of(std::span<const std::uint8_t> stream) {
  return static_cast<std::size_t>(stream[0]) << 24 | static_cast<std::size_t>(stream[1]) << 16 |
         static_cast<std::size_t>(stream[2]) << 8 | stream[3];
}

}  // namespace

Result<void> Client::open() {
  if (descriptor_) return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket_.string();
  if (path.size() >= sizeof address.sun_path) return os_failure(socket_, ENAMETOOLONG);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  FileDescriptor opened(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!opened || ::connect(opened.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) {
    return os_failure(socket_, errno);
  }
  descriptor_ = std::move(opened);
  return {};
}

void Client::close() {
  descriptor_ = FileDescriptor();
  state_ = State::idle;
  registered_ = false;
  received_.clear();
  found_.clear();
}

Result<void> Client::send(PacketType type, const std::string& name, const Section& content) {
  const auto packet = encode(type, name, content);
  // A few bytes: they fit into the socket's buffer, or charon does not read.
  const ssize_t sent = ::send(descriptor_.get(), packet.data(), packet.size(), MSG_NOSIGNAL);
  if (sent < 0) return os_failure(socket_, errno);
  if (static_cast<std::size_t>(sent) != packet.size()) return os_failure(socket_, EAGAIN);
  return {};
}

Result<void> Client::ask() {
  if (is_asking()) return {};
  auto asked = open().and_then([&] {
    return registered_ ? send(PacketType::command_request, kCommand) : send(PacketType::event_register, kEvent);
  });
  if (!asked) {
    close();
    return asked;
  }
  state_ = registered_ ? State::listing : State::registering;
  return {};
}

Result<void> Client::order(const std::string& command, const Section& content) {
  auto ordered = open().and_then([&] { return send(PacketType::command_request, command, content); });
  if (ordered) {
    state_ = State::ordering;
  } else {
    close();
  }
  return ordered;
}

Result<bool> Client::receive() {
  std::array<std::uint8_t, kChunk> chunk;
  const ssize_t size = ::recv(descriptor_.get(), chunk.data(), chunk.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (size < 0) return os_failure(socket_, errno);
  if (size == 0) return failure(Errc::io_error, socket_.string() + ": charon has closed the connection");
  received_.insert(received_.end(), chunk.begin(), chunk.begin() + size);
  return true;
}

/// True: the answer is complete.
Result<bool> Client::take(const Packet& packet) {
  switch (packet.type) {
    case PacketType::event_confirm:
      registered_ = true;
      state_ = State::listing;
      return send(PacketType::command_request, kCommand).map([] { return false; });
    case PacketType::event:
      if (packet.name == kEvent) {
        const auto children = child_sas(packet.content);
        found_.insert(found_.end(), children.begin(), children.end());
      }
      return false;
    case PacketType::command_response:
      response_ = packet.content;
      return true;
    default:
      return failure(Errc::unsupported, socket_.string() + ": charon does not know what it is asked");
  }
}

Result<std::optional<std::vector<ChildSa>>> Client::take_all() {
  std::span<const std::uint8_t> rest(received_);
  bool complete = false;
  while (!complete && rest.size() >= kLengthBytes) {
    const std::size_t length = length_of(rest);
    if (length > kLongestPacket) return failure(Errc::parse_error, fmt::format("VICI: packet of {} bytes", length));
    if (rest.size() - kLengthBytes < length) break;
    const auto done =
        decode(rest.subspan(kLengthBytes, length)).and_then([&](const Packet& packet) { return take(packet); });
    if (!done) return tl::unexpected(done.error());
    complete = *done;
    rest = rest.subspan(kLengthBytes + length);
  }
  received_.erase(received_.begin(), received_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  if (!complete) return std::nullopt;
  state_ = State::idle;
  return std::optional(std::exchange(found_, {}));
}

Result<std::optional<std::vector<ChildSa>>> Client::poll() {
  if (!is_asking()) return std::nullopt;
  for (;;) {
    const auto received = receive();
    auto answer = received ? take_all() : tl::unexpected(received.error());
    if (!answer) close();
    if (!answer || *answer || !*received) return answer;
  }
}

}  // namespace sapulse::vici
