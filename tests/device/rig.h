// SPDX-License-Identifier: Apache-2.0
// A card under test, whatever it is behind: the device as the host sees it and the frames at its two network sides.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sapulse/device.h"
#include "traffic/bytes.h"

namespace sapulse::test {

/// The two network sides of the card.
enum class Side : std::uint8_t { line, core };

/// What the tests of this folder need of a backend.
class Rig {
 public:
  Rig() = default;
  virtual ~Rig() = default;
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  virtual Device& device() = 0;

  /// Offers frames (14 bytes or more each) to a side of the card, after those offered before.
  virtual void send(Side side, std::span<const traffic::Bytes> frames) = 0;
  void send(Side side, const traffic::Bytes& frame) { send(side, std::span(&frame, 1)); }
  /// Takes the frames that have left a side since the last call, in order. Does not wait.
  virtual std::vector<traffic::Bytes> take(Side side) = 0;

  /// Waits until no frame is on its way any more, and forgets what has come out. For tests that interrupt traffic. This
  /// one suits a card whose time passes in relax().
  virtual void drain();

  /// Accesses to host memory that the card has been refused since the rig was made.
  virtual std::uint64_t dma_faults() = 0;
  /// Broken rules that the harness has found, one line each; empty when all is well.
  virtual std::vector<std::string> complaints() = 0;
};

/// A card fresh from reset, nothing in flight. Each backend's test program defines it; throws std::runtime_error.
std::unique_ptr<Rig> make_rig();

}  // namespace sapulse::test
