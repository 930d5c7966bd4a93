// SPDX-License-Identifier: Apache-2.0
#include "client_access.h"

#include <fmt/format.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sapulse::service {
namespace {

constexpr mode_t kOwner = S_IRUSR | S_IWUSR;
constexpr mode_t kGroup = S_IRGRP | S_IWGRP;
constexpr mode_t kOthers = S_IROTH | S_IWOTH;

Result<std::optional<gid_t>> find_group(const std::string& name) {
  if (name.empty()) return std::optional<gid_t>();
  const group* found = ::getgrnam(name.c_str());  // NOLINT(concurrency-mt-unsafe): while the service starts
  if (found == nullptr) return failure(Errc::invalid_argument, fmt::format("there is no group '{}'", name));
  return std::optional(found->gr_gid);
}

/// Those that the process had when it connected, its primary one first; none if the kernel does not say.
std::vector<gid_t> groups_of(const FileDescriptor& client, const ucred& peer) {
  std::vector<gid_t> groups(1, peer.gid);
  socklen_t bytes = 0;
  std::array<gid_t, 1> no_room{};
  (void)::getsockopt(client.get(), SOL_SOCKET, SO_PEERGROUPS, no_room.data(), &bytes);  // tells the room it needs
  std::vector<gid_t> others(bytes / sizeof(gid_t));
  if (!others.empty() && ::getsockopt(client.get(), SOL_SOCKET, SO_PEERGROUPS, others.data(), &bytes) == 0) {
    groups.insert(groups.end(), others.begin(), others.end());
  }
  return groups;
}

}  // namespace

Result<ClientAccess> ClientAccess::create(const std::string& change_group, const std::string& watch_group) {
  ClientAccess access;
  return find_group(change_group)
      .and_then([&](const std::optional<gid_t>& change) {
        access.change_ = change;
        return find_group(watch_group);
      })
      .map([&](const std::optional<gid_t>& watch) {
        access.watch_ = watch;
        return access;
      });
}

mode_t ClientAccess::socket_mode() const {
  if (watch_) return kOwner | kGroup | kOthers;
  return change_ ? kOwner | kGroup : kOwner;
}

std::optional<Access> ClientAccess::of(const FileDescriptor& client) const {
  if (!watch_) return Access::change;
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(client.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  if (peer.uid == 0 || peer.uid == ::geteuid()) return Access::change;
  const std::vector<gid_t> groups = groups_of(client, peer);
  if (change_ && std::ranges::find(groups, *change_) != groups.end()) return Access::change;
  if (std::ranges::find(groups, *watch_) != groups.end()) return Access::watch;
  return std::nullopt;
}

}  // namespace sapulse::service
