// SPDX-License-Identifier: Apache-2.0
// One run of the simulated card over captured traffic.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "capture.h"
#include "exchange.h"
#include "sapulse/config.h"
#include "sapulse/counters.h"
#include "sapulse/endpoint.h"
#include "sapulse/sim_device.h"

namespace sapulse::command {

/// Figures of a run.
struct SimFigures {
  std::uint64_t cycles = 0;      ///< from the first offered frame until everything had been processed
  double seconds = 0;            ///< of the computer's time for these
  double processor_seconds = 0;  ///< of its processor's
  struct Traffic {
    sim::PortCount rx;
    sim::PortCount tx;
  };
  std::array<Traffic, sim::kPortCount> ports;
  Counters counters;
  std::vector<std::uint64_t> reply_cycles;  ///< in which replies of the card left, ascending
  std::vector<std::uint64_t> latencies;     ///< ascending
  std::vector<Exception> exceptions;        ///< in the order of their delivery
  std::vector<sim::FrameTrace> traces;      ///< where the card has been told to keep them
};

/// Frames of both ports, by Port.
using Traffic = std::array<std::vector<Frame>, sim::kPortCount>;

/// Takes a frame that left the card.
using FrameSink = std::function<void(sim::Port port, std::uint64_t nanoseconds, const Frame& frame)>;
/// Told from time to time: SAs installed so far, SAs in all.
using InstallProgress = std::function<void(std::size_t done, std::size_t all)>;
/// Told from time to time: frames offered so far, frames in all, cycles so far, seconds so far.
using Progress = std::function<void(std::size_t done, std::size_t all, std::uint64_t cycles, double seconds)>;

/// Runs line and core traffic through a card and handles its exceptions until nothing is left to do.
class SimRun {
 public:
  /// Opens and programs the card. `gap`: cycles in which no frame comes although some are left. `limited`: the host
  /// limits its errors to other hosts, which depends on time. Errors: those of Endpoint::open.
  static Result<std::unique_ptr<SimRun>> create(SimDevice& device, const Config& config, std::uint64_t gap,
                                                bool limited = true, InstallProgress progress = {});

  /// `frames` by Port. Errors: dma_fault and device_error (the card broke a rule), timeout (it stopped with work
  /// pending).
  Result<SimFigures> run(Traffic frames, const FrameSink& sink, const Progress& progress);

 private:
  SimRun(SimDevice& device, const Config& config, std::uint64_t gap) : device_(device), gap_(gap), parser_(config) {}

  Result<void> advance(const FrameSink& sink);
  Result<bool> finished();
  Result<void> check_progress() const;
  void collect_inputs();
  void collect_outputs(const FrameSink& sink);
  void note_line_output(const sim::OutputFrame& output);
  Result<void> check_balance(const Counters& counters) const;

  SimDevice& device_;
  std::uint64_t gap_;
  ExchangeParser parser_;
  std::unique_ptr<Endpoint> endpoint_;
  std::vector<Frame> line_frames_;  // requests, for the matcher
  std::vector<Frame> core_frames_;  // what passes from core to line
  std::size_t line_seen_ = 0;       // of line_frames_, transferred into the card
  std::size_t core_passed_ = 0;     // of core_frames_, seen at the line output
  LatencyMatcher matcher_;
  std::vector<Exception> exceptions_;
  std::vector<std::uint64_t> reply_cycles_;
};

}  // namespace sapulse::command
