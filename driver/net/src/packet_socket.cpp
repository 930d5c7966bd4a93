// SPDX-License-Identifier: Apache-2.0
#include "packet_socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "frame_finisher.h"
#include "offload_header.h"

namespace sapulse::net {
namespace {

constexpr std::size_t kMostBytes = 65536 + 64;  // the longest packet that the kernel joins, and its headers
constexpr int kReceiveBuffer = 16 << 20;        // bytes

std::string reason() { return std::generic_category().message(errno); }

bool set(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

ifreq request_for(const std::string& interface) {
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

/// Turns off what joins frames before they come up. An interface that does not know it does not do it. False: that
/// takes CAP_NET_ADMIN.
bool receive_one_by_one(int socket, const std::string& interface) {
  ethtool_value off{ETHTOOL_SGRO, 0};
  ifreq request = request_for(interface);
  request.ifr_data = reinterpret_cast<char*>(&off);
  if (ioctl(socket, SIOCETHTOOL, &request) != 0 && errno == EPERM) return false;
  ethtool_value flags{ETHTOOL_GFLAGS, 0};
  request.ifr_data = reinterpret_cast<char*>(&flags);
  if (ioctl(socket, SIOCETHTOOL, &request) != 0 || (flags.data & ETH_FLAG_LRO) == 0) return true;
  flags.cmd = ETHTOOL_SFLAGS;
  flags.data &= ~static_cast<std::uint32_t>(ETH_FLAG_LRO);
  return ioctl(socket, SIOCETHTOOL, &request) == 0 || errno != EPERM;
}

tpacket_auxdata auxiliary_of(const msghdr& message) {
  tpacket_auxdata data{};
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(const_cast<msghdr*>(&message), part)) {
    if (part->cmsg_level == SOL_PACKET && part->cmsg_type == PACKET_AUXDATA) {
      std::memcpy(&data, CMSG_DATA(part), sizeof data);
    }
  }
  return data;
}

}  // namespace

PacketSocket::PacketSocket(FileDescriptor socket, std::string interface, Mode mode)
    : socket_(std::move(socket)), interface_(std::move(interface)), mode_(mode), buffers_(kMostAtOnce * kMostBytes) {}

Result<std::unique_ptr<PacketSocket>> PacketSocket::open(const std::string& interface, Mode mode) {
  // Of no protocol, so that nothing comes in before it is bound and filtered.
  FileDescriptor descriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!descriptor) {
    const bool forbidden = errno == EPERM;
    return failure(Errc::io_error, fmt::format("net:{}: packet socket: {}{}", interface, reason(),
                                               forbidden ? ": needs CAP_NET_RAW" : ""));
  }
  std::unique_ptr<PacketSocket> socket(new PacketSocket(std::move(descriptor), interface, mode));
  if (auto prepared = socket->prepare(); !prepared) return tl::unexpected(prepared.error());
  return socket;
}

Result<void> PacketSocket::prepare() {
  const int index = find_index();
  if (index == 0) return failure(Errc::not_found, fmt::format("net:{}: no such interface", interface_));
  ifreq kind = request_for(interface_);
  if (ioctl(socket_.get(), SIOCGIFHWADDR, &kind) != 0 || kind.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
    return failure(Errc::invalid_argument, fmt::format("net:{}: not an Ethernet interface", interface_));
  }
  const int socket = socket_.get();
  if (mode_ == Mode::wire && !receive_one_by_one(socket, interface_)) {
    return failure(Errc::io_error, fmt::format("net:{}: turning off GRO and LRO: needs CAP_NET_ADMIN", interface_));
  }
  // Without CAP_NET_ADMIN the buffer gets as long as the system lets everybody's be.
  if (!set(socket, SOL_SOCKET, SO_RCVBUFFORCE, kReceiveBuffer))
    (void)set(socket, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);
  const bool ready = set(socket, SOL_PACKET, PACKET_VNET_HDR, 1) && set(socket, SOL_PACKET, PACKET_AUXDATA, 1) &&
                     set(socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) &&
                     set(socket, SOL_PACKET, PACKET_QDISC_BYPASS, 1);  // queueing disciplines reorder
  if (!ready)
    return failure(Errc::io_error, fmt::format("net:{}: options of the packet socket: {}", interface_, reason()));
  return {};
}

int PacketSocket::find_index() const {
  ifreq request = request_for(interface_);
  return ioctl(socket_.get(), SIOCGIFINDEX, &request) == 0 ? request.ifr_ifindex : 0;
}

bool PacketSocket::bind_to(int index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = index;
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
  if (mode_ == Mode::beside_ip) return true;
  // Of a new interface under the old name, if privileges have not been given up; else its packets may come joined.
  (void)receive_one_by_one(socket_.get(), interface_);
  packet_mreq everything{};
  everything.mr_ifindex = index;
  everything.mr_type = PACKET_MR_PROMISC;
  return setsockopt(socket_.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &everything, sizeof everything) == 0;
}

bool PacketSocket::look() {
  const int index = find_index();
  if (index != index_) index_ = index != 0 && bind_to(index) ? index : 0;
  ifreq flags = request_for(interface_);
  const bool there = index_ != 0 && ioctl(socket_.get(), SIOCGIFFLAGS, &flags) == 0;
  constexpr int kRuns = IFF_UP | IFF_RUNNING;
  const bool was_up = std::exchange(statistics_.up, there && (flags.ifr_flags & kRuns) == kRuns);
  return statistics_.up != was_up;
}

Result<void> PacketSocket::set_filter(std::span<const sock_filter> filter) {
  const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
  if (setsockopt(socket_.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0) return {};
  return failure(Errc::io_error, fmt::format("net:{}: filter: {}", interface_, reason()));
}

bool PacketSocket::receive(std::vector<Received>& frames) {
  struct Control {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(tpacket_auxdata))> bytes;
  };
  std::array<OffloadHeader, kMostAtOnce> headers;
  std::array<Control, kMostAtOnce> controls;
  std::array<std::array<iovec, 2>, kMostAtOnce> parts;
  std::array<mmsghdr, kMostAtOnce> messages;
  for (std::size_t i = 0; i < kMostAtOnce; ++i) {
    parts[i] = {iovec{&headers[i], sizeof headers[i]}, iovec{buffers_.data() + i * kMostBytes, kMostBytes}};
    messages[i] = {};
    messages[i].msg_hdr.msg_iov = parts[i].data();
    messages[i].msg_hdr.msg_iovlen = parts[i].size();
    messages[i].msg_hdr.msg_control = controls[i].bytes.data();
    messages[i].msg_hdr.msg_controllen = controls[i].bytes.size();
  }
  // An interface that has gone down is told as an error here, once; look() is for that.
  const int count = recvmmsg(socket_.get(), messages.data(), kMostAtOnce, MSG_DONTWAIT, nullptr);
  if (count <= 0) return false;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    if (messages[i].msg_len <= sizeof headers[i]) continue;
    const std::span bytes(buffers_.data() + i * kMostBytes, messages[i].msg_len - sizeof headers[i]);
    frames.push_back(finish(bytes, headers[i], auxiliary_of(messages[i].msg_hdr)));
  }
  statistics_.received += static_cast<std::uint64_t>(count);
  return static_cast<std::size_t>(count) == kMostAtOnce;
}

void PacketSocket::send(std::span<const model::OutputFrame> frames) {
  while (!frames.empty()) frames = frames.subspan(send_some(frames.first(std::min(frames.size(), kMostAtOnce))));
}

std::size_t PacketSocket::send_some(std::span<const model::OutputFrame> frames) {
  static constexpr OffloadHeader kWhole{};
  std::array<std::array<iovec, 2>, kMostAtOnce> parts;
  std::array<mmsghdr, kMostAtOnce> messages;
  const auto part = [](const void* data, std::size_t size) { return iovec{const_cast<void*>(data), size}; };
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const model::Unfinished& unfinished = frames[i].unfinished;
    parts[i] = {part(unfinished.empty() ? static_cast<const void*>(&kWhole) : unfinished.data(), sizeof kWhole),
                part(frames[i].bytes.data(), frames[i].bytes.size())};
    messages[i] = {};
    messages[i].msg_hdr.msg_iov = parts[i].data();
    messages[i].msg_hdr.msg_iovlen = parts[i].size();
  }
  const int sent = sendmmsg(socket_.get(), messages.data(), static_cast<unsigned>(frames.size()), MSG_DONTWAIT);
  statistics_.sent += static_cast<std::uint64_t>(std::max(sent, 0));
  if (sent > 0) return static_cast<std::size_t>(sent);
  ++statistics_.unsent;  // the first one; what follows may be better off
  return 1;
}

NetStatistics PacketSocket::statistics() const {
  tpacket_stats counts{};
  socklen_t size = sizeof counts;
  if (getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &counts, &size) == 0)
    statistics_.lost += counts.tp_drops;
  return statistics_;
}

}  // namespace sapulse::net
