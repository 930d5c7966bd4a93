// SPDX-License-Identifier: Apache-2.0
// Stands between XRT and the process of the card, because XRT waits for ever when its simulator is gone.
#pragma once

#include <sys/types.h>

#include <string>

#include "channel.h"

namespace sapulse::sim::xrt {

/// Hands XRT's calls on to the card, which is a child process. Once that has died, or has not answered for a minute,
/// every call is answered as failed, until XRT closes the device.
class Supervisor {
 public:
  /// `memory`: to XRT's memory thread, used by the card while it lives.
  Supervisor(Channel& xrt, Channel& memory, Channel card, pid_t pid)
      : xrt_(xrt), memory_(memory), card_(std::move(card)), pid_(pid) {}
  ~Supervisor();

  /// Until XRT closes the device or is gone. Returns whether the card was alive to the end.
  bool run();

 private:
  [[nodiscard]] std::string answer(const Call& call);
  void bury(const std::string& why);

  Channel& xrt_;
  Channel& memory_;
  Channel card_;
  pid_t pid_;
  bool dead_ = false;
};

}  // namespace sapulse::sim::xrt
