// SPDX-License-Identifier: Apache-2.0
#include "kernel_host.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <system_error>

#include "network_namespace.h"
#include "support/program.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kMostBytes = 65536;
constexpr std::uint16_t kPort = 5350;
constexpr std::size_t kIpv4At = 12;  // of an IPv4 address in an Address

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

SocketAddress socket_address(const traffic::Address& address, std::uint16_t port) {
  SocketAddress result;
  if (traffic::is_ipv4(address)) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(result.bytes);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::copy(address.begin() + kIpv4At, address.end(), reinterpret_cast<std::uint8_t*>(&v4.sin_addr));
    result.size = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(result.bytes);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::copy(address.begin(), address.end(), reinterpret_cast<std::uint8_t*>(&v6.sin6_addr));
    result.size = sizeof v6;
  }
  return result;
}

}  // namespace

IpSocket::IpSocket(int protocol, const traffic::Address& own, const traffic::Address& peer) {
  const bool raw = protocol != IPPROTO_UDP;
  with_header_ = raw && traffic::is_ipv4(own);
  const std::uint16_t port = raw ? 0 : kPort;
  const SocketAddress here = socket_address(own, port);
  const SocketAddress there = socket_address(peer, port);
  socket_ = ::socket(here.bytes.ss_family, (raw ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC, protocol);
  if (socket_ < 0 || bind(socket_, reinterpret_cast<const sockaddr*>(&here.bytes), here.size) != 0 ||
      connect(socket_, reinterpret_cast<const sockaddr*>(&there.bytes), there.size) != 0) {
    throw std::system_error(errno, std::generic_category(), "socket at " + traffic::to_string(own));
  }
}

IpSocket::~IpSocket() { close(socket_); }

void IpSocket::send(const traffic::Bytes& payload) {
  if (::send(socket_, payload.data(), payload.size(), 0) != static_cast<ssize_t>(payload.size())) {
    throw std::system_error(errno, std::generic_category(), "sending a datagram");
  }
}

std::optional<traffic::Bytes> IpSocket::receive() {
  traffic::Bytes packet(kMostBytes);
  const ssize_t size = recv(socket_, packet.data(), packet.size(), MSG_DONTWAIT);
  if (size < 0) {
    if (errno != EAGAIN) throw std::system_error(errno, std::generic_category(), "receiving a datagram");
    return std::nullopt;
  }
  packet.resize(static_cast<std::size_t>(size));
  if (with_header_) packet.erase(packet.begin(), packet.begin() + static_cast<long>(sizeof(iphdr)));
  return packet;
}

KernelHost::KernelHost(std::string name) : name_(std::move(name)), errors_before_(count_errors()) {
  ip("xfrm policy flush");
  ip("xfrm state flush");
}

void KernelHost::send_protected(const traffic::Address& own, const traffic::Address& peer,
                                const traffic::Direction& with) {
  install("out", own, peer, with);
}

void KernelHost::receive_protected(const traffic::Address& own, const traffic::Address& peer,
                                   const traffic::Direction& with) {
  install("in", peer, own, with);
}

IpSocket KernelHost::socket(int protocol, const traffic::Address& own, const traffic::Address& peer) const {
  const NetworkNamespace inside(name_);
  return {protocol, own, peer};
}

void KernelHost::ip(const std::string& command) const {
  const NetworkNamespace inside(name_);
  // By path: the shell has a small ip of its own. No keys in messages.
  if (std::system(("/bin/ip " + command).c_str()) != 0) throw std::runtime_error("ip failed");
}

void KernelHost::install(const std::string& way, const traffic::Address& from, const traffic::Address& to,
                         const traffic::Direction& with) const {
  const std::string ends = fmt::format("src {} dst {}", traffic::to_string(from), traffic::to_string(to));
  ip(fmt::format("xfrm state add {} proto esp spi {} reqid 1 mode transport aead 'rfc4106(gcm(aes))' 0x{}{} 128", ends,
                 with.spi, traffic::to_hex(with.key), traffic::to_hex(with.salt)));
  ip(fmt::format("xfrm policy add {0} dir {1} tmpl {0} proto esp reqid 1 mode transport", ends, way));
}

std::uint64_t KernelHost::packets(const traffic::Address& from, const traffic::Address& to, std::uint32_t spi) const {
  const NetworkNamespace inside(name_);
  // The text has the keys: it goes into no message.
  const Ended shown = run_program(fmt::format("/bin/ip -s xfrm state get src {} dst {} proto esp spi {}",
                                              traffic::to_string(from), traffic::to_string(to), spi));
  std::smatch found;
  if (!std::regex_search(shown.output, found, std::regex("bytes\\), ([0-9]+)\\(packets"))) {
    throw std::runtime_error("the kernel does not show the SA");
  }
  return std::stoull(found[1]);
}

std::uint64_t KernelHost::count_errors() const {
  const NetworkNamespace inside(name_);
  std::ifstream statistics("/proc/thread-self/net/xfrm_stat");
  if (!statistics) throw std::runtime_error("the kernel does not count errors of IPsec");
  std::uint64_t sum = 0;
  std::string counter;
  for (std::uint64_t value = 0; statistics >> counter >> value;) sum += value;
  return sum;
}

}  // namespace sapulse::test
