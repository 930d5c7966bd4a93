// SPDX-License-Identifier: Apache-2.0
// Raw frames on a network interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "frame_port.h"
#include "sapulse/file_descriptor.h"

namespace sapulse::net {

/// Frames as they were on the wire: the VLAN tag that the kernel has taken out is back, and checksums that it has left
/// to the interface are there. Frames that this host itself sends on the interface do not come up.
///
/// Frames are received with recvmmsg: the blocks of a TPACKET_V3 ring come up when they are full or after a
/// millisecond, which is much for a ping, and those of its older versions have room for no frame longer than a slot.
class PacketSocket final : public FramePort {
 public:
  enum class Mode : std::uint8_t {
    wire,      ///< takes every frame, whoever it is addressed to, and as it comes: not joined with others
    beside_ip  ///< shares the interface with the kernel's own traffic
  };

  /// See NetDevice::open().
  [[nodiscard]] static Result<std::unique_ptr<PacketSocket>> open(const std::string& interface, Mode mode);

  [[nodiscard]] int descriptor() const override { return socket_.get(); }
  [[nodiscard]] const std::string& interface() const override { return interface_; }
  Result<void> set_filter(std::span<const sock_filter> filter) override;
  bool receive(std::vector<Received>& frames) override;
  void send(std::span<const model::OutputFrame> frames) override;
  bool look() override;
  [[nodiscard]] NetStatistics statistics() const override;

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
