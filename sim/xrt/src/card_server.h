// SPDX-License-Identifier: Apache-2.0
// The simulated card as the device that XRT's emulation talks to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "channel.h"
#include "sapulse/sim/card.h"
#include "traffic_port.h"
#include "xrt_host_memory.h"

namespace sapulse::sim::xrt {

/// Answers XRT's calls and lets the card run in between.
class CardServer {
 public:
  /// `calls`: from XRT; `memory`: to XRT; `traffic`: may be null. All must outlive the server. Errors: those of
  /// Card::create.
  static Result<std::unique_ptr<CardServer>> create(const CardOptions& options, Channel& calls, Channel& memory,
                                                    TrafficPort* traffic);

  /// Until XRT closes the device. Errors: those of Channel.
  Result<void> run();

  /// The body of the answer to one call.
  [[nodiscard]] std::string answer(const Call& call);

 private:
  CardServer(Channel& calls, Channel& memory, TrafficPort* traffic)
      : calls_(calls), memory_(memory), host_memory_(memory), traffic_(traffic) {}

  void advance();
  [[nodiscard]] std::string read_registers(std::uint64_t address, std::uint64_t bytes);
  [[nodiscard]] std::string write_registers(std::uint64_t address, std::string_view data);
  Result<void> write_register(std::uint64_t offset, std::uint32_t value);

  Channel& calls_;
  Channel& memory_;
  XrtHostMemory host_memory_;
  TrafficPort* traffic_;
  std::unique_ptr<Card> card_;
};

}  // namespace sapulse::sim::xrt
