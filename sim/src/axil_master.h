// SPDX-License-Identifier: Apache-2.0
// Drives one AXI4-Lite transaction at a time.
#pragma once

#include <cstdint>

#include "pins.h"
#include "sapulse/model/random.h"

namespace sapulse::sim {

class AxilMaster {
 public:
  explicit AxilMaster(std::uint64_t seed) : random_(seed) {}

  /// Only while idle().
  void start_read(std::uint16_t address);
  void start_write(std::uint16_t address, std::uint32_t data);
  [[nodiscard]] bool idle() const { return state_ == State::idle; }
  /// Of the last finished transaction: read data and response code.
  [[nodiscard]] std::uint32_t data() const { return data_; }
  [[nodiscard]] std::uint8_t response() const { return response_; }

  void drive(AxilRequest& pins);
  void observe(const AxilRequest& request, const AxilResponse& response);
  /// Gives the transaction under way up.
  void reset() { state_ = State::idle; }

 private:
  enum class State : std::uint8_t { idle, write, read };

  model::Random random_;
  State state_ = State::idle;
  bool address_pending_ = false;
  bool data_pending_ = false;
  // Address and data of a write start independently, as AXI allows, and the response is taken after a while.
  unsigned address_delay_ = 0;
  unsigned data_delay_ = 0;
  unsigned response_delay_ = 0;
  std::uint16_t address_ = 0;
  std::uint32_t data_ = 0;
  std::uint8_t response_ = 0;
};

}  // namespace sapulse::sim
