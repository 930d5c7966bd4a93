// SPDX-License-Identifier: Apache-2.0
// The model of the card, its network sides wired to interfaces or cables, in the time of its owner.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "card_model.h"
#include "frame_port.h"
#include "host_memory.h"
#include "sapulse/card_time.h"
#include "sapulse/frame_tap.h"

namespace sapulse::net {

/// Not thread-safe. A cycle is a nanosecond.
class SoftCard {
 public:
  using Ports = std::vector<std::unique_ptr<FramePort>>;
  /// `ports`: line, and core unless the card is beside the kernel's own traffic. `tap`: sees what passes them; may be
  /// empty. Errors: io_error (filter).
  [[nodiscard]] static Result<std::unique_ptr<SoftCard>> create(Ports ports, unsigned sa_capacity,
                                                                std::shared_ptr<CardTime> time, FrameTap tap);

  /// Takes what has come in, does what is due, and sets the alarm for what comes next.
  void run();
  /// The state of interfaces may have changed: looks, and tells each change in a line.
  void look(const std::function<void(const std::string&)>& report);

  /// Registers. Nothing and false: a bus error.
  std::optional<std::uint32_t> read32(std::uint32_t offset);
  bool write32(std::uint32_t offset, std::uint32_t value);
  void reset();
  [[nodiscard]] std::uint32_t interrupts() const { return model_.interrupts(); }

  [[nodiscard]] model::HostMemory& memory() { return memory_; }
  [[nodiscard]] std::uint64_t dma_faults() const { return dma_faults_; }
  [[nodiscard]] const Ports& ports() const { return ports_; }

 private:
  SoftCard(Ports ports, unsigned sa_capacity, std::shared_ptr<CardTime> time, FrameTap tap);

  /// Lets the card do what is due up to now, and sends what leaves it.
  void advance();
  /// What has come in on one side.
  void receive(model::Port port);
  void send();
  void send(model::Port port, std::span<const model::OutputFrame> frames);
  void set_alarm();
  [[nodiscard]] bool beside_ip() const { return ports_.size() == 1; }
  /// Beside the kernel's own traffic: lets only packets for the card come up, as its registers are now.
  Result<void> filter();

  Ports ports_;
  std::shared_ptr<CardTime> time_;
  FrameTap tap_;
  model::HostMemory memory_;
  model::CardModel model_;
  std::uint64_t dma_faults_ = 0;
  std::optional<std::uint64_t> alarm_;  ///< as set
  std::vector<Received> received_;      ///< kept for its memory
};

}  // namespace sapulse::net
