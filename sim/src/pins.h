// SPDX-License-Identifier: Apache-2.0
// Pins of sim_top as plain values, and the interface behind which the Verilated models stand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "frame_events.h"
#include "sapulse/registers.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim {

inline constexpr std::size_t kBeatBytes = regs::kBeatBytes;

/// 512 bits; byte i of the beat is bits [8*i+7:8*i], so words are little-endian.
using Beat = std::array<std::uint32_t, kBeatBytes / 4>;

struct AxisBeat {
  Beat data{};
  std::uint64_t keep = 0;
  bool last = false;
  bool user = false;
};

struct AxilRequest {
  bool awvalid = false;
  std::uint16_t awaddr = 0;
  bool wvalid = false;
  std::uint32_t wdata = 0;
  bool bready = false;
  bool arvalid = false;
  std::uint16_t araddr = 0;
  bool rready = false;
};

struct AxilResponse {
  bool awready = false;
  bool wready = false;
  bool bvalid = false;
  std::uint8_t bresp = 0;
  bool arready = false;
  bool rvalid = false;
  std::uint32_t rdata = 0;
  std::uint8_t rresp = 0;
};

struct AxiAddress {
  bool valid = false;
  std::uint8_t id = 0;
  std::uint64_t address = 0;
  std::uint8_t length = 0;  ///< beats - 1
};

/// What the card drives on its memory bus.
struct AxiRequest {
  AxiAddress aw;
  bool wvalid = false;
  Beat wdata{};
  std::uint64_t wstrb = 0;
  bool wlast = false;
  bool bready = false;
  AxiAddress ar;
  bool rready = false;
};

/// What the memory drives.
struct AxiResponse {
  bool awready = false;
  bool wready = false;
  bool bvalid = false;
  std::uint8_t bid = 0;
  std::uint8_t bresp = 0;
  bool arready = false;
  bool rvalid = false;
  std::uint8_t rid = 0;
  Beat rdata{};
  std::uint8_t rresp = 0;
  bool rlast = false;
};

/// Inputs of sim_top in one cycle. Arrays are indexed by Port.
struct Inputs {
  bool reset = true;
  std::array<bool, kPortCount> rx_valid{};
  std::array<AxisBeat, kPortCount> rx{};
  std::array<bool, kPortCount> tx_ready{};
  AxilRequest axil;
  AxiResponse axi;
};

/// Outputs of sim_top in one cycle, settled after the inputs.
struct Outputs {
  std::array<bool, kPortCount> rx_ready{};
  std::array<bool, kPortCount> tx_valid{};
  std::array<AxisBeat, kPortCount> tx{};  ///< meaningful with tx_valid
  AxilResponse axil;
  AxiRequest axi;
  std::uint32_t interrupts = 0;
  FrameEvents events;
};

/// A Verilated sim_top.
class Model {
 public:
  virtual ~Model() = default;
  Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// Applies the inputs of this cycle; outputs follow. Throws ModelFailure.
  virtual void settle(const Inputs& inputs, Outputs& outputs) = 0;
  /// Rising edge of the clock. Throws ModelFailure.
  virtual void clock() = 0;
};

/// The Verilated code cannot go on.
class ModelFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ModelOptions {
  std::uint64_t seed = 1;       ///< of the random values that registers hold before reset
  double clock_mhz = 322.0;     ///< scales the time axis of the trace
  std::filesystem::path trace;  ///< FST file; empty: none
  std::uint32_t git_hash = 0;   ///< what the register of that name shows
};

}  // namespace sapulse::sim
