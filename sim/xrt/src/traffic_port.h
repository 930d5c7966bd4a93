// SPDX-License-Identifier: Apache-2.0
// The network sides of the simulated card for another process.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim::xrt {

/// One end of a connected AF_UNIX SOCK_SEQPACKET socket. Each request is one packet and gets one packet back:
///
///   'S' port frames...   offers frames                answer: 'S'
///   'T' port             takes frames                 answer: 'F' frames..., as many as have room; maybe none
///   'D'                  refused DMA accesses so far  answer: 'D' and 8 bytes, little-endian
///   'C'                  takes a broken rule          answer: 'C' text..., or 'N'
///
/// with port 0 line, 1 core, and frames as frame_list.h says. Anything else is answered with 'E'.
class TrafficPort {
 public:
  /// Connects to the listening socket of the process that makes the traffic. Errors: io_error.
  static Result<std::unique_ptr<TrafficPort>> connect(const std::string& path);

  explicit TrafficPort(int socket) : socket_(socket) {}
  ~TrafficPort();
  TrafficPort(const TrafficPort&) = delete;
  TrafficPort& operator=(const TrafficPort&) = delete;

  /// Answers the requests that have come. Does not wait.
  void serve(Card& card);

 private:
  using Packet = std::vector<std::byte>;
  [[nodiscard]] Packet answer(Card& card, std::span<const std::byte> request);
  [[nodiscard]] static Packet offer_frames(Card& card, Port port, std::span<const std::byte> list);
  [[nodiscard]] Packet take_frames(Card& card, Port port);
  [[nodiscard]] Packet take_complaint(const Card& card);

  int socket_;
  std::array<std::deque<Frame>, kPortCount> waiting_;
  std::size_t reported_ = 0;  ///< violations that have been looked at
};

}  // namespace sapulse::sim::xrt
