// SPDX-License-Identifier: Apache-2.0
// The simulated card, with MAC, register-bus and host-memory models around it: the Verilated top, or a fast model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/model/dma_target.h"
#include "sapulse/model/frame.h"
#include "sapulse/model/frame_trace.h"

namespace sapulse::sim {

// The frames of a card and its access to host memory are the model's.
using model::DmaTarget;
using model::Frame;
using model::FrameTrace;
using model::InputTime;
using model::kPortCount;
using model::kStageCount;
using model::kStageNames;
using model::OutputFrame;
using model::Port;
using model::PortCount;
using model::Stage;

/// How a MAC model spaces the frames it offers to the card.
struct Pacing {
  /// false: `gap` idle cycles follow each frame. true: a frame is offered no earlier than 100 Gb/s Ethernet
  /// delivers it: 8 bytes of preamble, the frame padded to 60 bytes, 4 bytes of FCS and 12 bytes of gap, at the assumed
  /// clock.
  bool line_rate = false;
  unsigned gap = 0;
};

/// What stands behind a Card.
enum class ModelKind : std::uint8_t {
  rtl,  ///< the Verilated top: every cycle is that of the card
  fast  ///< loosely timed: the kernels run natively, shell and tables are plain C++
};

/// What the kernels of the Verilated top are. A waveform is of RTL in any case.
enum class KernelKind : std::uint8_t {
  view,  ///< computed at once, with the same values at their ports in every cycle
  rtl    ///< their pipelines; takes three times as long. Not for all capacities
};

struct CardOptions {
  ModelKind model = ModelKind::rtl;
  KernelKind kernels = KernelKind::view;
  unsigned sa_capacity = 1024;        ///< SAs; one of Card::capacities()
  std::uint64_t seed = 1;             ///< of stalls, gaps and memory latencies
  double clock_mhz = 322.0;           ///< assumed clock; converts cycles to time and paces line-rate traffic
  Pacing pacing{};                    ///< of both sources
  unsigned source_stall_percent = 0;  ///< cycles in which a source withholds a beat, 0..99
  unsigned sink_stall_percent = 0;    ///< cycles in which a sink is not ready, 0..99
  unsigned memory_latency_min = 32;   ///< cycles from an accepted address to the first beat of data or the response
  unsigned memory_latency_max = 255;
  std::filesystem::path trace{};  ///< FST waveform; empty: none. Not for the fast model
  bool trace_frames = false;      ///< whether take_traces() has anything to give
};

/// A broken rule of a bus, a failed assertion of the design or an access to memory the card was not given.
struct Violation {
  enum class Kind : std::uint8_t { assertion, dma_fault };
  Kind kind;
  std::uint64_t cycle;
  std::string message;  ///< names the place: module instance and rule, or direction and address
};

/// A simulated card. Time passes only inside step(), read32(), write32() and reset().
/// Not thread-safe; separate cards may be used by separate threads. Deterministic: same calls, options and seed give
/// the same cycles.
class Card {
 public:
  /// SA capacities for which a Verilated model has been built, ascending. The fast model takes all that the card knows.
  [[nodiscard]] static std::vector<unsigned> capacities();
  /// Builds a card and takes it out of reset. Its host memory is what map() gives it, or `host_memory` where that is
  /// not null; it must outlive the card. Errors: invalid_argument (option out of range), io_error (trace file).
  [[nodiscard]] static Result<std::unique_ptr<Card>> create(const CardOptions& options,
                                                            DmaTarget* host_memory = nullptr);

  virtual ~Card() = default;
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  [[nodiscard]] const CardOptions& options() const { return options_; }
  /// Clock cycles since construction.
  [[nodiscard]] virtual std::uint64_t cycle() const = 0;
  /// Nanoseconds of simulated time at the start of a cycle, at the assumed clock.
  [[nodiscard]] std::uint64_t nanoseconds(std::uint64_t cycle) const;

  /// Lets `cycles` cycles pass.
  virtual void step(std::uint64_t cycles = 1) = 0;
  /// Holds reset for some cycles. Frames inside the card and unfinished transactions are lost; queued frames and memory
  /// stay.
  virtual void reset() = 0;

  /// Queues a frame at a port's receive side. `bad`: the MAC marks it as damaged (tuser on the last beat).
  /// Errors: invalid_argument (empty frame).
  virtual Result<void> send(Port port, Frame frame, bool bad = false) = 0;
  /// As long as a port is held, whoever takes its frames takes no beat: a MAC that is stuck. (The fast model has no
  /// back-pressure: frames go on coming in.)
  virtual void hold(Port port, bool held) = 0;
  /// Frames queued and not yet entirely transferred.
  [[nodiscard]] virtual std::size_t pending(Port port) const = 0;
  /// Takes the times of the frames that have been transferred entirely since the last call.
  [[nodiscard]] virtual std::vector<InputTime> take_input_times(Port port) = 0;
  /// Takes the frames that have left the port entirely since the last call.
  [[nodiscard]] virtual std::vector<OutputFrame> take_output(Port port) = 0;
  /// Takes the line frames that have ended since the last call, with the cycles in which they reached each block. A
  /// frame that is passed and copied to the host is one of them.
  [[nodiscard]] virtual std::vector<FrameTrace> take_traces() = 0;
  [[nodiscard]] virtual PortCount received(Port port) const = 0;     ///< into the card
  [[nodiscard]] virtual PortCount transmitted(Port port) const = 0;  ///< out of the card
  /// Last cycle in which a beat was transferred on any port or on the memory bus.
  [[nodiscard]] virtual std::uint64_t last_activity() const = 0;
  /// True while a frame is offered or partly transferred at a transmit side or a memory transaction is unfinished.
  [[nodiscard]] virtual bool transferring() const = 0;

  /// AXI4-Lite transactions. Errors: device_error (error response, or no response within 10,000 cycles).
  [[nodiscard]] virtual Result<std::uint32_t> read32(std::uint32_t offset) = 0;
  virtual Result<void> write32(std::uint32_t offset, std::uint32_t value) = 0;

  /// map(), unmap() and memory() are for cards that have not been given host memory of their own.
  /// Gives the card `bytes` of zeroed memory; returns its IOVA. Alignment is a power of two up to 2 MiB.
  /// Errors: invalid_argument, no_space.
  virtual Result<std::uint64_t> map(std::size_t bytes, std::size_t alignment) = 0;
  /// Takes memory away. Accesses of the card to it are faults from now on. The IOVA must come from map().
  virtual void unmap(std::uint64_t iova) = 0;
  /// The memory behind map()'s IOVA; valid until unmap().
  [[nodiscard]] virtual std::span<std::byte> memory(std::uint64_t iova) = 0;

  /// Interrupt levels, bit i as in INTERRUPT_STATUS.
  [[nodiscard]] virtual std::uint32_t interrupts() const = 0;

  /// Violations since construction, oldest first; at most 100 are kept.
  [[nodiscard]] virtual const std::vector<Violation>& violations() const = 0;

 protected:
  explicit Card(const CardOptions& options) : options_(options) {}

 private:
  CardOptions options_;
};

}  // namespace sapulse::sim
