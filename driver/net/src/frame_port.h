// SPDX-License-Identifier: Apache-2.0
// What a network side of the card is wired to.
#pragma once

#include <linux/filter.h>

#include <span>
#include <string>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/model/frame.h"
#include "sapulse/net_device.h"

namespace sapulse::net {

/// A frame as it came in; `unfinished`: the OffloadHeader of one that the kernel has not yet cut into packets.
struct Received {
  model::Frame frame;
  model::Unfinished unfinished;
};

/// Not thread-safe.
class FramePort {
 public:
  virtual ~FramePort() = default;
  FramePort() = default;
  FramePort(const FramePort&) = delete;
  FramePort& operator=(const FramePort&) = delete;

  /// Readable when frames have come in.
  [[nodiscard]] virtual int descriptor() const = 0;
  /// For messages.
  [[nodiscard]] virtual const std::string& interface() const = 0;

  /// Only frames that the filter takes come up from now on. Errors: io_error.
  virtual Result<void> set_filter(std::span<const sock_filter> filter) = 0;

  /// Appends frames that have come in, at most some. False: there are none left.
  virtual bool receive(std::vector<Received>& frames) = 0;
  virtual void send(std::span<const model::OutputFrame> frames) = 0;

  /// Looks what has become of the interface, and takes hold of a new one of its name. True: it has come up or gone
  /// down.
  virtual bool look() = 0;
  [[nodiscard]] virtual NetStatistics statistics() const = 0;
};

}  // namespace sapulse::net
