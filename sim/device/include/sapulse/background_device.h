// SPDX-License-Identifier: Apache-2.0
// A simulated card that goes on while its host sleeps.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sapulse/device.h"
#include "sapulse/file_descriptor.h"
#include "sapulse/sim_device.h"

namespace sapulse {

class BackgroundThread;

/// A SimDevice with a thread of its own, in which time passes from let_run() on until the next call of any function, or
/// the end of a DMA buffer; all other time passes inside the calls, as it does for the SimDevice. So the card and
/// whatever it is joined to are used by one thread at a time, and nothing of them needs a lock.
///
/// event_descriptor() becomes readable when an interrupt is raised in the background, when the time of let_run() is
/// over, and when the card has failed there; the failure is returned by the next clear_event(). Not thread-safe. Its
/// DMA buffers must not outlive it.
class BackgroundDevice final : public Device {
 public:
  /// Errors: io_error (no file descriptor).
  [[nodiscard]] static Result<std::unique_ptr<BackgroundDevice>> create(std::shared_ptr<SimDevice> device);
  ~BackgroundDevice() override;

  /// The card itself, which may be used as long as nobody waits for it.
  [[nodiscard]] SimDevice& foreground() { return *device_; }

  [[nodiscard]] std::string name() const override { return device_->name(); }
  [[nodiscard]] bool is_simulated() const override { return true; }
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override;
  void barrier() override;
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  [[nodiscard]] int event_descriptor() const override { return event_.get(); }
  Result<void> clear_event() override;
  void let_run(std::chrono::nanoseconds at_most) override;
  Result<void> relax() override;
  Result<void> reset() override;

 private:
  class Buffer;

  BackgroundDevice(std::shared_ptr<SimDevice> device, FileDescriptor event);
  /// Some cycles in the background, and what has to be told of them; false: the card has failed.
  bool advance();
  void signal();

  std::shared_ptr<SimDevice> device_;
  FileDescriptor event_;
  bool signalled_ = false;
  double ns_per_cycle_;          ///< of the card's clock
  std::uint64_t wake_ = 0;       ///< cycle in which the event is raised whatever happens
  std::optional<Error> failed_;  ///< in the background, not yet told
  std::unique_ptr<BackgroundThread> thread_;
};

}  // namespace sapulse
