// SPDX-License-Identifier: Apache-2.0
#include "packet_port.h"

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace sapulse::test {
namespace {

constexpr std::size_t kMostBytes = 65536;
constexpr std::size_t kMostAtOnce = 64;   // frames in a system call
constexpr int kReceiveBuffer = 32 << 20;  // tests look rarely
constexpr std::size_t kTagAt = 12;        // of a VLAN tag in a frame

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

/// The kernel takes the outer VLAN tag out of a frame and tells it beside.
void restore_tag(traffic::Bytes& frame, const msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(const_cast<msghdr*>(&message), part)) {
    if (part->cmsg_level != SOL_PACKET || part->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata data{};
    std::memcpy(&data, CMSG_DATA(part), sizeof data);
    if ((data.tp_status & TP_STATUS_VLAN_VALID) == 0) return;
    traffic::Bytes tag;
    traffic::put16(tag, (data.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0 ? data.tp_vlan_tpid : ETHERTYPE_VLAN);
    traffic::put16(tag, data.tp_vlan_tci);
    frame.insert(frame.begin() + kTagAt, tag.begin(), tag.end());
    return;
  }
}

/// The kernel holds TCP segments back to join them, and so reorders frames.
void receive_one_by_one(int socket, const std::string& interface) {
  ethtool_value off{ETHTOOL_SGRO, 0};
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&off);
  if (ioctl(socket, SIOCETHTOOL, &request) != 0) fail(interface);
}

}  // namespace

PacketPort::PacketPort(const std::string& interface)
    : socket_(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL))), buffer_(kMostBytes) {
  if (socket_ < 0) fail("packet socket");
  const auto set = [&](int level, int option, int value) {
    if (setsockopt(socket_, level, option, &value, sizeof value) != 0) fail("option of the packet socket");
  };
  set(SOL_SOCKET, SO_RCVBUFFORCE, kReceiveBuffer);
  set(SOL_PACKET, PACKET_AUXDATA, 1);
  set(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
  set(SOL_PACKET, PACKET_QDISC_BYPASS, 1);  // queueing disciplines reorder
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  if (address.sll_ifindex == 0 || bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    fail(interface);
  }
  receive_one_by_one(socket_, interface);
  packet_mreq everything{};
  everything.mr_ifindex = address.sll_ifindex;
  everything.mr_type = PACKET_MR_PROMISC;
  if (setsockopt(socket_, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &everything, sizeof everything) != 0) fail(interface);
}

PacketPort::~PacketPort() { close(socket_); }

void PacketPort::send(std::span<const traffic::Bytes> frames) {
  std::array<iovec, kMostAtOnce> parts{};
  std::array<mmsghdr, kMostAtOnce> messages{};
  while (!frames.empty()) {
    const std::size_t count = std::min(frames.size(), kMostAtOnce);
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = {const_cast<std::uint8_t*>(frames[i].data()), frames[i].size()};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = sendmmsg(socket_, messages.data(), static_cast<unsigned>(count), 0);
    if (sent < 0 && errno != ENOBUFS) fail("sending frames");
    if (sent < 0) sched_yield();  // the interface's queue is full
    frames = frames.subspan(static_cast<std::size_t>(std::max(sent, 0)));
  }
}

std::optional<traffic::Bytes> PacketPort::receive(int timeout) {
  pollfd ready{socket_, POLLIN, 0};
  if (timeout > 0) (void)poll(&ready, 1, timeout);
  iovec part{buffer_.data(), buffer_.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(tpacket_auxdata))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = recvmsg(socket_, &message, MSG_DONTWAIT);
  if (size < 0) {
    if (errno != EAGAIN && errno != EINTR) fail("receiving a frame");
    return std::nullopt;
  }
  traffic::Bytes frame(buffer_.begin(), buffer_.begin() + size);
  restore_tag(frame, message);
  return frame;
}

}  // namespace sapulse::test
