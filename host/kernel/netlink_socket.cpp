// SPDX-License-Identifier: Apache-2.0
#include "netlink_socket.h"

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "sapulse/secret.h"

namespace sapulse::kernel {
namespace {

// Larger than any datagram of the kernel's.
constexpr std::size_t kBufferBytes = 1U << 16;
// Holds what rekeying of thousands of SAs makes until we come to read it.
constexpr int kReceiveQueueBytes = 8 << 20;
// The kernel answers at once; a silent one must not hold the service up for ever.
constexpr int kPatienceMilliseconds = 5000;
constexpr int kMostDumps = 8;

tl::unexpected<Error> os_failure(const char* what, int error) {
  const bool absent =
      error == ENOENT || error == ESRCH || error == ENETUNREACH || error == EHOSTUNREACH || error == ENODEV;
  return failure(absent ? Errc::not_found : Errc::io_error,
                 fmt::format("netlink: {}: {}", what, std::generic_category().message(error)));
}

class Zeroise {
 public:
  explicit Zeroise(std::vector<std::uint8_t>& buffer) : buffer_(buffer) {}
  Zeroise(const Zeroise&) = delete;
  Zeroise& operator=(const Zeroise&) = delete;
  ~Zeroise() { zeroise(std::as_writable_bytes(std::span(buffer_))); }

 private:
  std::vector<std::uint8_t>& buffer_;
};

}  // namespace

void NetlinkSocket::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<NetlinkSocket> NetlinkSocket::open(int protocol) {
  NetlinkSocket opened(mnl_socket_open2(protocol, SOCK_CLOEXEC));
  if (!opened.socket_) return os_failure("socket", errno);
  const int size = kReceiveQueueBytes;
  // Above the usual limit only with CAP_NET_ADMIN; with less, a new dump comes a little more often.
  if (::setsockopt(opened.descriptor(), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0) {
    (void)::setsockopt(opened.descriptor(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }
  if (mnl_socket_bind(opened.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0) return os_failure("bind", errno);
  return opened;
}

Result<void> NetlinkSocket::join(unsigned group) {
  int number = static_cast<int>(group);
  if (mnl_socket_setsockopt(socket_.get(), NETLINK_ADD_MEMBERSHIP, &number, sizeof number) < 0) {
    return os_failure("joining a group", errno);
  }
  return {};
}

int NetlinkSocket::descriptor() const { return mnl_socket_get_fd(socket_.get()); }

Result<std::vector<NetlinkMessage>> NetlinkSocket::next_datagram() {
  buffer_.resize(kBufferBytes);
  const ssize_t size = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
  if (size < 0) return os_failure("receiving", errno);
  return split_messages(std::span(buffer_).first(static_cast<std::size_t>(size)));
}

Result<void> NetlinkSocket::request(RequestBuilder request, const Handler& handler) {
  const auto message = request.finish(++sequence_);
  if (mnl_socket_sendto(socket_.get(), message.data(), message.size()) < 0) return os_failure("sending", errno);
  for (;;) {
    pollfd waiting{.fd = descriptor(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, kPatienceMilliseconds) == 0)
      return failure(Errc::timeout, "netlink: the kernel does not answer");
    const StackZeroiser stack;
    const Zeroise zeroise(buffer_);
    const auto messages = next_datagram();
    if (!messages) return tl::unexpected(messages.error());
    for (const NetlinkMessage& answer : *messages) {
      if (answer.sequence != sequence_) continue;  // of a request that was given up
      if (answer.type == NLMSG_DONE) return {};
      if (answer.type == NLMSG_ERROR) {
        const auto error = error_of(answer);
        if (!error) return tl::unexpected(error.error());
        if (*error != 0) return os_failure("refused", *error);
        return {};
      }
      if (auto taken = handler(answer); !taken) return taken;
    }
  }
}

Result<void> NetlinkSocket::dump(const RequestBuilder& wanted, const Handler& handler,
                                 const std::function<void()>& restart) {
  for (int i = 0; i < kMostDumps; ++i) {
    bool interrupted = false;
    auto done = request(wanted, [&](const NetlinkMessage& message) {
      interrupted = interrupted || (message.flags & NLM_F_DUMP_INTR) != 0;
      return handler(message);
    });
    if (!done || !interrupted) return done;
    restart();
  }
  return failure(Errc::io_error, "netlink: the table changes faster than it can be read");
}

Result<NetlinkSocket::Received> NetlinkSocket::receive(const Handler& handler) {
  pollfd waiting{.fd = descriptor(), .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, 0) <= 0) return Received::nothing;
  const StackZeroiser stack;
  const Zeroise zeroise(buffer_);
  errno = 0;
  const auto messages = next_datagram();
  if (!messages && errno == ENOBUFS) return Received::overrun;
  if (!messages) return tl::unexpected(messages.error());
  for (const NetlinkMessage& message : *messages) {
    if (auto taken = handler(message); !taken) return tl::unexpected(taken.error());
  }
  return Received::messages;
}

}  // namespace sapulse::kernel
