// SPDX-License-Identifier: Apache-2.0
#include "link_monitor.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace sapulse::net {

Result<LinkMonitor> LinkMonitor::open() {
  FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failure(Errc::io_error,
                   fmt::format("state of network interfaces: {}", std::generic_category().message(errno)));
  }
  return LinkMonitor(std::move(socket));
}

bool LinkMonitor::take() {
  std::array<char, 8192> message;
  bool any = false;
  // Messages are not read: interfaces are looked at anew. Nor does it matter if some were lost (ENOBUFS).
  for (;;) {
    const ssize_t size = recv(socket_.get(), message.data(), message.size(), MSG_TRUNC);
    if (size == 0 || (size < 0 && errno != ENOBUFS)) return any;
    any = true;
  }
}

}  // namespace sapulse::net
