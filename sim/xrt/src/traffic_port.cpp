// SPDX-License-Identifier: Apache-2.0
#include "traffic_port.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "frame_list.h"

namespace sapulse::sim::xrt {
namespace {

std::vector<std::byte> packet(char kind, std::span<const std::byte> rest = {}) {
  std::vector<std::byte> bytes{static_cast<std::byte>(kind)};
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

}  // namespace

Result<std::unique_ptr<TrafficPort>> TrafficPort::connect(const std::string& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof(address.sun_path)) {
    return failure(Errc::io_error, fmt::format("socket {}: the path is too long", path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  auto port = std::make_unique<TrafficPort>(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (port->socket_ < 0 ||
      ::connect(port->socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return failure(Errc::io_error, fmt::format("socket {}: {}", path, std::strerror(errno)));
  }
  return port;
}

TrafficPort::~TrafficPort() { close(socket_); }

void TrafficPort::serve(Card& card) {
  std::vector<std::byte> request(kPacketLimit);
  for (;;) {
    const ssize_t size = recv(socket_, request.data(), request.size(), MSG_DONTWAIT);
    if (size <= 0) return;  // nothing there, or nobody any more
    const Packet reply = answer(card, std::span(request).first(static_cast<std::size_t>(size)));
    if (send(socket_, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) return;
  }
}

TrafficPort::Packet TrafficPort::answer(Card& card, std::span<const std::byte> request) {
  const char kind = static_cast<char>(request[0]);
  if (kind == 'C') return take_complaint(card);
  if (kind == 'D') {
    const std::uint64_t faults =
        static_cast<std::uint64_t>(std::ranges::count(card.violations(), Violation::Kind::dma_fault, &Violation::kind));
    return packet('D', std::as_bytes(std::span(&faults, 1)));
  }
  if (request.size() < 2 || std::to_integer<std::size_t>(request[1]) >= kPortCount) return packet('E');
  const auto port = static_cast<Port>(request[1]);
  if (kind == 'T') return take_frames(card, port);
  return kind == 'S' ? offer_frames(card, port, request.subspan(2)) : packet('E');
}

TrafficPort::Packet TrafficPort::offer_frames(Card& card, Port port, std::span<const std::byte> list) {
  auto frames = read_frames(list);
  if (!frames) return packet('E');
  for (Frame& frame : *frames) {
    if (!card.send(port, std::move(frame))) return packet('E');
  }
  return packet('S');
}

TrafficPort::Packet TrafficPort::take_frames(Card& card, Port port) {
  auto& waiting = waiting_.at(static_cast<std::size_t>(port));
  for (OutputFrame& frame : card.take_output(port)) waiting.push_back(std::move(frame.bytes));
  Packet taken = packet('F');
  while (!waiting.empty() && append_frame(taken, waiting.front())) waiting.pop_front();
  return taken;
}

TrafficPort::Packet TrafficPort::take_complaint(const Card& card) {
  while (reported_ < card.violations().size()) {
    const Violation& violation = card.violations()[reported_++];
    if (violation.kind != Violation::Kind::assertion) continue;
    const std::string text = fmt::format("cycle {}: {}", violation.cycle, violation.message);
    return packet('C', std::as_bytes(std::span(text)));
  }
  return packet('N');
}

}  // namespace sapulse::sim::xrt
