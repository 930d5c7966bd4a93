// SPDX-License-Identifier: Apache-2.0
// A card made of software: the model of the card behind network interfaces, in real time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sapulse/card_time.h"
#include "sapulse/device.h"
#include "sapulse/frame_tap.h"

namespace sapulse {

struct NetOptions {
  std::string line;              ///< interface of the line side
  std::string core{};            ///< of the core side; empty: gateway mode
  unsigned sa_capacity = 65536;  ///< 1024, 16384 or 65536
  /// Null: the time of the system.
  std::shared_ptr<CardTime> time{};
  /// Told in one line that an interface has gone or come back; by any thread. Empty: the standard error output.
  std::function<void(const std::string&)> report{};
  /// Sees what passes; by any thread. Empty: nobody does.
  FrameTap tap{};
};

/// One side of the card since it was opened.
struct NetStatistics {
  bool up = false;             ///< the interface is there and has a carrier
  std::uint64_t received = 0;  ///< frames that the kernel has handed over
  std::uint64_t lost = 0;      ///< that it could not hand over for lack of room
  std::uint64_t sent = 0;
  std::uint64_t unsent = 0;  ///< that the interface has not taken: down, full, or longer than its MTU
};

/// Two interfaces: a bump in the wire, which passes frames that are not for it byte for byte from one to the other.
/// One: gateway mode. The kernel keeps its own traffic, and the card sees only packets under a reserved SPI; what it
/// passes is not sent anywhere, since the kernel has it already.
///
/// A thread of the device's own sleeps until a frame comes or the card has something to do. Its clock has 1 GHz.
/// Interrupts end wait_interrupt() and make event_descriptor() readable.
class NetDevice final : public Device {
 public:
  /// Needs CAP_NET_RAW, and CAP_NET_ADMIN for two interfaces, in the network namespace of the calling thread; neither
  /// is needed afterwards. Errors: not_found (no such interface), invalid_argument (no Ethernet, the same twice,
  /// capacity), io_error (capabilities, memory).
  [[nodiscard]] static Result<std::unique_ptr<NetDevice>> open(NetOptions options);
  /// Two cards in the memory of this process, joined line to line by a cable, in the time of the system. They take no
  /// privileges, and may be used by two threads. `tap`: sees what passes the first. Errors: io_error (timer, event).
  [[nodiscard]] static Result<std::pair<std::unique_ptr<NetDevice>, std::unique_ptr<NetDevice>>> open_joined(
      FrameTap tap = {});
  ~NetDevice() override;

  [[nodiscard]] std::string name() const override;
  [[nodiscard]] bool is_simulated() const override;
  [[nodiscard]] bool keeps_real_time() const override { return true; }
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  /// The memory must not outlive the device.
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override;
  void barrier() override;
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  [[nodiscard]] int event_descriptor() const override;
  Result<void> clear_event() override;
  /// Takes what has come in and does what is due.
  Result<void> relax() override;
  Result<void> reset() override;

  /// Of line and core.
  [[nodiscard]] std::array<NetStatistics, 2> statistics() const;
  /// Accesses of the card to memory that it has not been given.
  [[nodiscard]] std::uint64_t dma_faults() const;

 private:
  class Implementation;
  explicit NetDevice(std::unique_ptr<Implementation> implementation);

  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sapulse
