// SPDX-License-Identifier: Apache-2.0
// A network side of the card, wired to a network interface of the guest.
#pragma once

#include <deque>
#include <utility>

#include "sapulse/sim/card.h"

namespace sapulse::sim {

/// Frames are datagrams on a socket. Loses none: what QEMU does not take yet is kept.
class Wire {
 public:
  /// `socket` stays the caller's.
  Wire(int socket, Port port) : socket_(socket), port_(port) {}

  /// Moves frames both ways; in the card's thread.
  void move(Card& card);
  /// Sends a frame to the guest after all that the card has sent.
  void inject(Frame frame) { waiting_.push_back(std::move(frame)); }

 private:
  void receive(Card& card);
  void send(Card& card);

  int socket_;
  Port port_;
  std::deque<Frame> waiting_;
};

}  // namespace sapulse::sim
