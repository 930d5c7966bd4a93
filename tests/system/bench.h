// SPDX-License-Identifier: Apache-2.0
// A simulated card with the host library on it, and everything that goes in and comes out.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sapulse/config.h"
#include "sapulse/endpoint.h"
#include "sapulse/sim/card.h"
#include "sapulse/sim_device.h"
#include "support/seed.h"
#include "traffic/check.h"
#include "traffic/config.h"

namespace sapulse::test {

struct BenchOptions {
  sim::ModelKind model = sim::ModelKind::rtl;
  sim::KernelKind kernels = sim::KernelKind::view;
  unsigned capacity = 1024;         ///< SAs
  std::uint64_t seed = 1;           ///< of stalls and memory latencies
  unsigned gap = 0;                 ///< idle cycles after each frame, both sides
  bool line_rate = false;           ///< no frame comes sooner than 100 Gb/s Ethernet delivers it, in place of a gap
  unsigned source_stall = 0;        ///< percent of cycles
  unsigned sink_stall = 0;          ///< percent of cycles
  std::uint64_t patience = 20'000;  ///< cycles without any progress after which a card is stuck
  std::chrono::nanoseconds command_timeout = CardOptions().command_timeout;  ///< of the library
};

/// Every failure of card or library is thrown as std::runtime_error: the test ends there.
class Bench {
 public:
  Bench(const traffic::Config& config, const BenchOptions& options);
  ~Bench();

  /// Queues a frame and remembers it.
  void line(const traffic::Bytes& frame, bool damaged = false);
  void core(const traffic::Bytes& frame);

  /// Resets the card in this very cycle and programs it with another configuration; all that was before is forgotten.
  /// What is still on its way to the card passes it meanwhile, which is not programmed.
  void restart(const traffic::Config& config);

  /// Resets the card; accesses until now to memory that is not there are what the test wanted. Throws if anything else
  /// was wrong, or if there were so many that the card has not kept all.
  void reset_forgiving_dma_faults();

  /// Lets some cycles pass, the host library polling meanwhile.
  void step(std::uint64_t cycles);
  /// Until all has been sent, answered and handed over. Throws when nothing moves for too long.
  void settle();

  /// What went in and came out since construction, with the counters of now; call settle() before.
  [[nodiscard]] traffic::Run result();

  /// What went in and came out so far, without counters.
  [[nodiscard]] const traffic::Run& so_far() const { return run_; }

  /// Frames that left the line side, with their cycles, in the order of result().line_out.
  [[nodiscard]] const std::vector<sim::OutputFrame>& line_output() const { return line_output_; }
  [[nodiscard]] const std::vector<sim::OutputFrame>& core_output() const { return core_output_; }
  [[nodiscard]] const std::vector<sim::InputTime>& line_input() const { return line_input_; }

  /// Line frames whose way through the card has been followed to its end, in the order of their ends.
  [[nodiscard]] const std::vector<sim::FrameTrace>& traces() const { return traces_; }

  [[nodiscard]] SimDevice& device() { return *device_; }
  [[nodiscard]] sim::Card& card() { return device_->card(); }
  [[nodiscard]] Endpoint& endpoint() { return *endpoint_; }
  [[nodiscard]] std::uint64_t exceptions() const { return exceptions_; }

 private:
  void open(const traffic::Config& config);
  void collect();
  void poll();
  [[nodiscard]] bool at_rest();

  BenchOptions options_;
  CardStart start_;
  std::unique_ptr<SimDevice> device_;
  std::unique_ptr<Endpoint> endpoint_;
  traffic::Run run_;
  std::vector<sim::OutputFrame> line_output_;
  std::vector<sim::OutputFrame> core_output_;
  std::vector<sim::InputTime> line_input_;
  std::vector<sim::FrameTrace> traces_;
  std::uint64_t exceptions_ = 0;
  std::size_t forgiven_ = 0;  ///< of the card's violations, the first so many
};

/// The discrepancies of a run as test failures, and its counters as test output.
void expect_right(const traffic::Config& config, const traffic::Run& run, const traffic::CheckOptions& options = {});

}  // namespace sapulse::test
