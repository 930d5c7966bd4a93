// SPDX-License-Identifier: Apache-2.0
#include "wire.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "sapulse/registers.h"

namespace sapulse::sim {
namespace {

constexpr std::size_t kMostPending = 64;  // frames that wait in the MAC before QEMU is held back

}  // namespace

void Wire::move(Card& card) {
  receive(card);
  send(card);
}

void Wire::receive(Card& card) {
  std::array<std::byte, regs::kMaxFrameBytes> frame{};
  while (card.pending(port_) < kMostPending) {
    const ssize_t size = recv(socket_, frame.data(), frame.size(), MSG_DONTWAIT);
    if (size <= 0) return;
    (void)card.send(port_, {frame.begin(), frame.begin() + size});
  }
}

void Wire::send(Card& card) {
  for (OutputFrame& frame : card.take_output(port_)) {
    if (!frame.bad) waiting_.push_back(std::move(frame.bytes));
  }
  while (!waiting_.empty()) {
    const Frame& frame = waiting_.front();
    if (::send(socket_, frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return;
    waiting_.pop_front();
  }
}

}  // namespace sapulse::sim
