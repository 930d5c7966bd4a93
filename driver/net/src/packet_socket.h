// SPDX-License-Identifier: Apache-2.0
// Raw frames on a network interface.
#pragma once

#include <linux/filter.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/file_descriptor.h"
#include "sapulse/model/frame.h"
#include "sapulse/net_device.h"

namespace sapulse::net {

/// A frame as it came in; `unfinished`: the OffloadHeader of one that the kernel has not yet cut into packets.
struct Received {
  model::Frame frame;
  model::Unfinished unfinished;
};

/// Frames as they were on the wire: the VLAN tag that the kernel has taken out is back, and checksums that it has left
/// to the interface are there. Frames that this host itself sends on the interface do not come up.
///
/// Frames are received with recvmmsg: the blocks of a TPACKET_V3 ring come up when they are full or after a
/// millisecond, which is much for a ping, and those of its older versions have room for no frame longer than a slot.
class PacketSocket {
 public:
  enum class Mode : std::uint8_t {
    wire,      ///< takes every frame, whoever it is addressed to, and as it comes: not joined with others
    beside_ip  ///< shares the interface with the kernel's own traffic
  };

  /// See NetDevice::open().
  [[nodiscard]] static Result<PacketSocket> open(const std::string& interface, Mode mode);

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] const std::string& interface() const { return interface_; }

  /// Only frames that the filter takes come up from now on. Errors: io_error.
  Result<void> set_filter(std::span<const sock_filter> filter);

  /// Appends frames that have come in, at most some. False: there are none left.
  bool receive(std::vector<Received>& frames);
  void send(std::span<const model::OutputFrame> frames);

  /// Looks what has become of the interface, and takes hold of a new one of its name. True: it has come up or gone
  /// down.
  bool look();
  [[nodiscard]] NetStatistics statistics() const;

 private:
  static constexpr std::size_t kMostAtOnce = 64;  ///< frames in a system call

  PacketSocket(FileDescriptor socket, std::string interface, Mode mode);
  Result<void> prepare();
  /// Index of the interface, 0: there is none.
  [[nodiscard]] int find_index() const;
  [[nodiscard]] bool bind_to(int index);
  /// Offers at most kMostAtOnce frames; returns how many are dealt with.
  std::size_t send_some(std::span<const model::OutputFrame> frames);

  FileDescriptor socket_;
  std::string interface_;
  Mode mode_;
  int index_ = 0;
  std::vector<std::byte> buffers_;  ///< for receiving
  mutable NetStatistics statistics_;
};

}  // namespace sapulse::net
