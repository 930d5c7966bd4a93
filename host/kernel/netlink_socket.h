// SPDX-License-Identifier: Apache-2.0
// A netlink socket.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "netlink_message.h"
#include "sapulse/error.h"

struct mnl_socket;

namespace sapulse::kernel {

/// Asks the kernel, or listens to what it tells. Belongs to the network namespace of the thread that opens it. Buffers
/// are zeroised, since SAs come with their keys. Not thread-safe. Errors of all functions: io_error (the operating
/// system's, with its words), parse_error (a malformed message).
class NetlinkSocket {
 public:
  /// Takes one message; an error ends the reception and is returned.
  using Handler = std::function<Result<void>(const NetlinkMessage& message)>;

  /// `protocol`: NETLINK_XFRM, NETLINK_ROUTE.
  static Result<NetlinkSocket> open(int protocol);

  /// Joins a multicast group, RTNLGRP_NEIGH...
  Result<void> join(unsigned group);

  /// Sends a request and takes the answer to its end. Errors: also what the kernel refuses, not_found for ENOENT, ESRCH
  /// and the like; timeout.
  Result<void> request(RequestBuilder request, const Handler& handler);
  /// A dump; once more if the table has changed meanwhile, after `restart`.
  Result<void> dump(const RequestBuilder& request, const Handler& handler, const std::function<void()>& restart);

  enum class Received : std::uint8_t {
    nothing,   ///< nothing has arrived
    messages,  ///< a datagram has been taken
    overrun    ///< messages have been lost: what we know of the kernel is out of date
  };
  /// Takes one datagram of a group if there is one; does not wait.
  Result<Received> receive(const Handler& handler);

  [[nodiscard]] int descriptor() const;

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  explicit NetlinkSocket(mnl_socket* socket) : socket_(socket) {}
  Result<std::vector<NetlinkMessage>> next_datagram();

  std::unique_ptr<mnl_socket, Close> socket_;
  std::vector<std::uint8_t> buffer_;
  std::uint32_t sequence_ = 0;
};

}  // namespace sapulse::kernel
